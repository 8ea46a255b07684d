"""Judging files: the exit status, the classes, and the counterexample's file."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION
from support.messages import raises

from handgrad.cli.application import run
from handgrad.cli.console import Speaker
from handgrad.cli.judge import SCRIPT_BEGINS, require_classes, require_replaceable
from handgrad.course import load_course
from handgrad.errors import UsageError

WRONG = SOLUTION.replace("axis=0", "axis=1")


@pytest.mark.parametrize(
    ("answers", "status"),
    [((SOLUTION,), 0), ((SOLUTION, WRONG), 1), ((SOLUTION, WRONG, None), 2), ((None,), 2)],
)
def test_the_exit_status_of_several_files(answers, status, tmp_path, capsys):
    paths = [tmp_path / f"{number}.py" for number in range(len(answers))]
    for path, source in zip(paths, answers, strict=True):
        if source is not None:
            path.write_text(source, encoding="utf-8")
    assert run(["judge", "fully-connected", *map(str, paths)], Speaker("en")) == status
    assert ("There is no file" in capsys.readouterr().err) is (None in answers)


def test_a_counterexample_is_written_and_may_be_written_again(tmp_path, capsys):
    answer, script = tmp_path / "answer.py", tmp_path / "script.py"
    answer.write_text(WRONG, encoding="utf-8")
    for _ in range(2):
        run(
            ["judge", "fully-connected", str(answer), "--counterexample", str(script)],
            Speaker("en"),
        )
        assert script.read_text(encoding="utf-8").startswith(SCRIPT_BEGINS)
        assert str(script) in capsys.readouterr().err


def test_no_other_file_is_overwritten(tmp_path):
    answer = tmp_path / "answer.py"
    answer.write_text(SOLUTION, encoding="utf-8")
    for path in (answer, tmp_path / "missing" / "script.py", tmp_path):
        with raises(UsageError):
            require_replaceable(path)


def test_a_class_of_another_level_is_refused():
    level = load_course().level("activations")
    require_classes(level, ("Relu", "Sigmoid"))
    with raises(UsageError, "Sigmoid", "Relu"):
        require_classes(level, ("FullyConnected",))
