"""``handgrad shapes`` as a user meets it: wide, narrow, without signs, in both languages, as JSON."""

from __future__ import annotations

import json

import pytest
from cli.test_commands import handgrad
from rich.cells import cell_len
from support.answers import SOLUTION

WRONG = SOLUTION.replace("np.dot(dout, self.W.T)", "np.dot(dout, self.W)")


@pytest.fixture
def files(tmp_path):
    for name, text in (("right", SOLUTION), ("wrong", WRONG), ("typed", SOLUTION[:-60] + "(")):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_shapes_stand_beside_their_lines(files):
    done = handgrad("shapes", "fully-connected", "right.py", cwd=files, env={"COLUMNS": "120"})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(SOLUTION.rstrip().splitlines()) + 2
    [line] = [line for line in lines if "self.dW = np" in line]
    assert line.endswith("(3, 4) · (4, 5) → dW (3, 5)")
    assert lines[-1] == "Example: B = 4, N = 3, M = 5"
    columns = {line.index("dout (4, 5)") for line in lines if line.endswith("dout (4, 5)")}
    assert columns == {line.index("(3, 4) · (4, 5)")}


@pytest.mark.parametrize(
    ("language", "words", "case"),
    [
        ("en", "(4, 5) · (3, 5) ✗  inner sizes 5 and 3", "Example: B = 4, N = 3, M = 5"),
        ("zh", "(4, 5) · (3, 5) ✗  内侧大小 5 和 3 不同", "例子：B = 4，N = 3，M = 5"),
    ],
)
def test_an_error_is_told_in_either_language(files, language, words, case):
    done = handgrad("shapes", "fully-connected", "wrong.py", "--lang", language, cwd=files)
    assert done.returncode == 1
    assert words in done.stdout
    assert case in done.stdout


def test_a_narrow_terminal_loses_nothing(files):
    done = handgrad("shapes", "fully-connected", "wrong.py", cwd=files, env={"COLUMNS": "56"})
    lines = done.stdout.splitlines()
    assert max(map(cell_len, lines)) <= 56
    at = next(n for n, line in enumerate(lines) if "self.W)" in line and "reshape" in line)
    assert "(4, 5) · (3, 5) ✗  inner sizes 5 and 3" in lines[at + 1]


def test_a_console_without_signs(files):
    done = handgrad("shapes", "fully-connected", "wrong.py", cwd=files, encoding="ascii")
    assert "(3, 4) @ (4, 5) -> dW (3, 5)" in done.stdout
    assert done.stdout.isascii()


def test_as_json(files):
    done = handgrad("shapes", "fully-connected", "wrong.py", "--json", cwd=files)
    told = json.loads(done.stdout)
    assert told["stopped"]["line"] == min(
        one["line"] for one in told["lines"] if one["state"] == "error"
    )
    assert set(told) == {"lines", "case", "stopped", "milliseconds"}


def test_a_half_typed_file_and_standard_input(files):
    done = handgrad("shapes", "fully-connected", "typed.py", "--lang", "en", cwd=files)
    assert done.returncode == 1
    assert "syntax error" in done.stdout
    assert "(3, 4) · (4, 5) → dW (3, 5)" in done.stdout
    assert handgrad("shapes", "fully-connected", "-", stdin=SOLUTION).returncode == 0


def test_bad_input(files):
    for arguments in (
        ["nothing"],
        ["fully-connected"],
        ["fully-connected", "no.py"],
        ["x", "right.py"],
    ):
        done = handgrad("shapes", *arguments, cwd=files)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    done = handgrad("shapes", "fully-connected", "right.py", "--isolation", "9", cwd=files)
    assert done.returncode == 2
