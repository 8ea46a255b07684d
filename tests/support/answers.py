"""Answers for tests: the fully connected solution with something changed."""

from __future__ import annotations

from handgrad.course import load_course
from handgrad.judging import Answer

SOLUTION = load_course().level("fully-connected").solution
BEGIN = "        ########## Begin ##########\n"


def answer(source: str | bytes, name: str = "answer.py") -> Answer:
    """An answer from its text or its bytes."""
    return Answer(name, source.encode() if isinstance(source, str) else source)


def with_line(line: str) -> Answer:
    """The solution with a line put first into backward."""
    assert BEGIN in SOLUTION
    return answer(SOLUTION.replace(BEGIN, BEGIN + "        " + line + "\n"))


def replaced(old: str, new: str) -> Answer:
    """The solution with one text replaced by another."""
    assert old in SOLUTION
    return answer(SOLUTION.replace(old, new))
