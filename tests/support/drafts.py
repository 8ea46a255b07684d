"""Drafts for tests: the fully connected template with lines of a test's own between Begin and End."""

from __future__ import annotations

from support.answers import BEGIN, SOLUTION

from handgrad.live_shapes import LiveShapes

RETURN = "        ########## End ##########\n        return dx\n"
START, WHOLE = SOLUTION.split(BEGIN)
END = WHOLE[WHOLE.index(RETURN) :]
FIRST = START.count("\n") + 2
"""The number of the first line between Begin and End."""


def draft(*lines: str) -> str:
    """The template with these lines between Begin and End."""
    return START + BEGIN + "".join(f"        {line}\n" for line in lines) + END


def beside(seen: LiveShapes) -> dict[int, str]:
    """What stands beside each line; the lines between Begin and End count from 1."""
    return {
        one.line - FIRST + 1: one.text + (f"  {one.detail.en}" if one.detail else "")
        for one in seen.lines
        if one.line >= FIRST
    }
