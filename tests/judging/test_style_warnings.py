"""Right answers that are slow or numerical: they pass, and are told so; nobody else is."""

from __future__ import annotations

import textwrap

import pytest
from support.answers import answer

from handgrad.judging import Judge

RELU = """
import numpy as np
class Relu:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)
    def backward(self, dout):
        # Begin
{body}
        # End
        return dx
"""
BODIES = {
    "dx = np.where(self.x > 0, dout, 0)": (),
    "dx = dout.copy()\nfor name in ['mask']:\n    dx[self.x <= 0] = 0": (),
    "dx = np.zeros_like(dout)\nfor i in np.ndindex(dout.shape):\n    if self.x[i] > 0: dx[i] = dout[i]": ("slow",),
    "x, h = self.x, 1e-6\ndx = dout * (self.forward(x + h) - self.forward(x - h)) / (2 * h)\n"
    "dx = np.where(x == 0, 0, dx)\nself.x = x": ("numerical",),
    "dx = dout * (self.forward(self.x) > 0)": (),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BODIES.items())
def test_a_pass_is_told_how_it_goes_about_it(course, body, expected):
    source = RELU.format(body=textwrap.indent(body, " " * 8))
    with Judge(seed=3, expected_answers=2) as judge:
        [verdict] = judge.judge(course.level("activations"), answer(source), ["Relu"])
    assert (verdict.verdict, verdict.warnings) == ("pass", expected)


def test_an_answer_that_hangs_on_the_large_case_still_passes(course):
    """It is right on every case that decides, and too slow to end on the large one."""
    body = "import time\nif dout.size > 1000:\n    for i in range(10**9): pass\ndx = dout * (self.x > 0)"
    source = RELU.format(body=textwrap.indent(body, " " * 8))
    with Judge(seed=3, expected_answers=2) as judge:
        [verdict] = judge.judge(course.level("activations"), answer(source), ["Relu"])
    assert (verdict.verdict, verdict.warnings) == ("pass", ("slow",))


def test_one_that_raises_on_the_large_case_is_not_called_slow(course):
    body = (
        "for i in range(2): pass\nif dout.size > 1000: raise ValueError\ndx = dout * (self.x > 0)"
    )
    source = RELU.format(body=textwrap.indent(body, " " * 8))
    with Judge(seed=3, expected_answers=2) as judge:
        [verdict] = judge.judge(course.level("activations"), answer(source), ["Relu"])
    assert (verdict.verdict, verdict.warnings) == ("pass", ())
