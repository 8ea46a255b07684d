"""An exception is reported at the innermost line of the answer, with columns as a person counts them."""

from __future__ import annotations

import pytest

from handgrad.sandbox.child.answer.exception_report import MAX_MESSAGE, report_of

SOURCE = "def inner(x):\n    s = '字字字'; return x[9]\n\ndef outer(x):\n    return inner(x)\n"
LINES = SOURCE.split("\n")


def raised_by(call, **names):
    exec(compile(SOURCE, "answer.py", "exec"), names)
    try:
        exec(call, names)
    except BaseException as error:
        return report_of(error, "answer.py", LINES)
    raise AssertionError("nothing was raised")


def test_the_innermost_line_and_its_column_in_characters():
    report = raised_by("outer([])")
    assert (report["type"], report["line"], report["in_answer"]) == ("IndexError", 2, True)
    assert report["source_line"] == LINES[1]
    assert LINES[1][report["column"] - 1 :].startswith("x[9]")


def test_a_call_that_does_not_fit_is_not_in_the_answer():
    report = raised_by("outer()")
    assert (report["line"], report["column"], report["in_answer"]) == (None, None, False)


@pytest.mark.parametrize(
    ("error", "field"),
    [
        ("PermissionError(1, 'no')", "refused"),
        ("MemoryError()", "out_of_memory"),
        ("SystemExit(3)", "ended_process"),
        ("ImportError('x', name='torch')", "is_import_error"),
    ],
)
def test_the_kinds_that_give_other_verdicts(error, field):
    report = raised_by(f"raise {error}")
    flags = ("refused", "out_of_memory", "ended_process", "is_import_error")
    assert [flag for flag in flags if report[flag]] == [field]
    assert report["import_name"] == ("torch" if field == "is_import_error" else None)


def test_a_message_is_cut_and_one_that_raises_is_empty():
    assert len(raised_by("raise ValueError('x' * 9999)")["message"]) == MAX_MESSAGE
    silent = "class E(Exception):\n    def __str__(self): 1 / 0\nraise E"
    assert raised_by(silent)["message"] == ""
