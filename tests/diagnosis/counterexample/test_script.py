"""The script runs with NumPy alone, ends with 1 for the wrong answer and with 0 for the right one."""

from __future__ import annotations

import runpy
import subprocess
import sys

import numpy as np
import pytest
from support.made_trials import made_arrays, made_trial

from handgrad.diagnosis.counterexample.counterexample import Counterexample
from handgrad.diagnosis.counterexample.script import script_of

ANSWER = """
import numpy as np
class Doubling:
    def forward(self, x):
        {line}
        return {result}
"""


def counterexample(x, received, **case):
    script = "layer = Doubling()\ny = layer.forward(x)"
    trial = made_trial(1, {"y": 2 * x}, {"y": received}, inputs={"x": x}, script=script, **case)
    return Counterexample(trial, tuple(one for one in made_arrays(trial) if one.is_wrong))


def write(one, tmp_path, result, line="pass", **options):
    (tmp_path / "answer.py").write_text(ANSWER.format(result=result, line=line), encoding="utf-8")
    (tmp_path / "script.py").write_text(script_of(one, "Doubling", **options), encoding="utf-8")
    return [str(tmp_path / "script.py"), str(tmp_path / "answer.py")]


@pytest.fixture
def status(tmp_path, monkeypatch):
    """Runs the script in this process and gives its exit status."""

    def run(one, *answer, **options):
        command = write(one, tmp_path, *answer, **options)
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(command[0])
        return int(ended.value.code)

    return run


LAYOUTS = {
    "rows": lambda x: x,
    "column-major": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "reversed": lambda x: np.ascontiguousarray(x[::-1])[::-1],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_wrong_answer_differs_and_the_right_one_does_not(rng, status, layout):
    x = LAYOUTS[layout](rng.normal(size=(2, 3)))
    one = counterexample(x, 3 * x)
    line = f"assert x.strides == {x.strides}"
    assert status(one, "2 * x", line) == 0
    assert status(one, "3 * x", line) == 1


def test_numpy_is_all_it_needs(rng, tmp_path):
    x = rng.normal(size=(2, 3))
    command = write(counterexample(x, 3 * x), tmp_path, "3 * x")
    done = subprocess.run(
        [sys.executable, "-I", *command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "y expected: (2, 3)" in done.stdout
    assert "handgrad" not in (tmp_path / "script.py").read_text(encoding="utf-8")


def test_another_shape_or_integers_differ(status):
    one = counterexample(np.ones((2, 2)), np.ones(2))
    assert status(one, "2 * x[None]") == 1
    assert status(one, "(2 * x).astype(int)") == 1


def test_an_input_that_is_modified_differs(status):
    x = np.ones(2)
    one = counterexample(x, 2 * x, guarded={"x": "input-changed"})
    one.trial.observed.inputs_after["x"] = np.zeros(2)
    assert status(one, "2 * x") == 0
    assert status(one, "2 * x.copy()", "x[0] = 5") == 1


def test_graded_shows_nothing_expected(rng, status, capsys):
    one = counterexample(rng.normal(size=2), np.ones(2))
    assert status(one, "2 * x", graded=True) == 1
    assert "expected" not in capsys.readouterr().out
