"""Shapes and values beside the lines of a draft that ran, or ran in part."""

from __future__ import annotations

import json

import pytest
from support.answers import SOLUTION
from support.drafts import FIRST, beside

SHAPES = {
    "a loop": (
        ["for i, row in enumerate(dout):", "    total = row * i", "dx = total"],
        {1: "i = 3 ×4; row (5,) ×4", 2: "total (5,) ×4", 3: "dx (5,)", 5: "→ (5,)"},
    ),
    "a loop of two": (
        ["for a in (dout, dout):", "    dx = a.T"],
        {1: "a (4, 5) ×2", 2: "(4, 5) → dx (5, 4) ×2", 4: "→ (5, 4)"},
    ),
    "a loop in which shapes vary": (
        ["parts = []", "for row in dout:", "    parts.append(row)", "    dx = np.stack(parts)"],
        {2: "row (5,) ×4", 4: "dx (1, 5) … (4, 5) ×4", 6: "→ (4, 5)"},
    ),
    "a comprehension": (
        ["dx = np.array([self.W @ row for row in dout])"], {1: "dx (4, 3)", 3: "→ (4, 3)"}
    ),
    "several at once": (
        ["self.dW, self.db = self.x.T @ dout, dout.sum(0)", "dx = dout @ self.W.T"],
        {1: "dW (3, 5); db (5,)", 2: "(4, 5) · (5, 3) → dx (4, 3)", 4: "→ (4, 3)"},
    ),
    "numbers and shapes": (
        ["B, M = dout.shape", "n: int = 2", "dx = dout / n"],
        {1: "B = 4; M = 5", 2: "n = 2", 3: "dx (4, 5)", 5: "→ (4, 5)"},
    ),
    "a dtype that is not the usual one": (
        ["dx = (dout > 0).astype('float32')"], {1: "dx (4, 5) float32", 3: "→ (4, 5) float32"}
    ),
    "an early return": (["if len(dout):", "    return dout.T"], {2: "(4, 5) → (5, 4)"}),
    "a helper function": (
        ["def half(a):", "    return a / 2", "dx = half(dout) @ self.W.T"],
        {1: "a (4, 5)", 2: "→ (4, 5)", 3: "(4, 5) · (5, 3) → dx (4, 3)", 5: "→ (4, 3)"},
    ),
    "with": (
        ["with np.errstate(all='ignore'):", "    dx = dout @ self.W.T"],
        {2: "(4, 5) · (5, 3) → dx (4, 3)", 4: "→ (4, 3)"},
    ),
    "one that is caught": (
        ["try:", "    dx = dout @ self.W", "except ValueError:", "    dx = dout @ self.W.T"],
        {4: "(4, 5) · (5, 3) → dx (4, 3)", 6: "→ (4, 3)"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_every_line_that_assigns_or_returns_has_its_shape(see, name):
    lines, expected = SHAPES[name]
    seen = see(*lines)
    assert beside(seen) == expected
    assert seen.stopped is None
    assert {one.state for one in seen.lines} == {"shape"}


def test_the_solution(see):
    seen = see(source=SOLUTION)
    texts = [one.text for one in seen.lines]
    assert texts == [
        "W (3, 5), b (5,)", "W (3, 5)", "b (5,)",
        "x (4, 3)", "original_x_shape = (4, 3)", "x (4, 3)", "(4, 3) · (3, 5) + (5,) → (4, 5)",
        "dout (4, 5)", "(3, 4) · (4, 5) → dW (3, 5)", "(4, 5) → db (5,)",
        "(4, 5) · (5, 3) → dx (4, 3)", "→ (4, 3)",
    ]  # fmt: skip
    assert seen.stopped is None
    assert seen.case.en == "B = 4, N = 3, M = 5"
    assert [one.line for one in seen.lines] == sorted({one.line for one in seen.lines})
    assert {one.state for one in seen.lines} == {"shape"}
    source = SOLUTION.split("\n")
    assert all(source[one.line - 1].strip() for one in seen.lines)


def test_the_template_says_what_is_missing_and_shows_the_forward_pass(see, level):
    seen = see(source=level.template)
    assert "(4, 3) · (3, 5) + (5,) → (4, 5)" in [one.text for one in seen.lines]
    last = seen.lines[-1]
    assert (last.state, last.text, last.detail.en) == ("error", "✗", "dx has no value yet")
    assert seen.stopped.line == last.line


@pytest.mark.parametrize(
    ("lines", "expected", "line"),
    [
        (
            [
                "self.dW = self.x.T @ dout",
                "dx = np.dot(dout, self.W.T",
                "self.db = dout.sum(axis=0)",
            ],
            {1: "(3, 4) · (4, 5) → dW (3, 5)", 2: "✗  syntax error", 3: "(4, 5) → db (5,)"},
            2,
        ),
        (
            ["dx = dout @ self.W", "self.db = dout.sum("],
            {1: "(4, 5) · (3, 5) ✗  inner sizes 5 and 3", 2: "✗  syntax error"},
            2,
        ),
        (["for row in dout", "    dx = row"], {1: "✗  syntax error"}, 1),
    ],
)
def test_a_line_that_is_being_typed_leaves_the_others_their_shapes(see, lines, expected, line):
    """And what fails below it for want of it is not held against anybody."""
    seen = see(*lines)
    assert beside(seen) == expected
    assert seen.stopped.line == FIRST + line - 1
    assert "not valid Python" in seen.stopped.message.en


def test_values_are_shown_as_they_were(see):
    seen = see("big = np.arange(400.0).reshape(20, 20)", "dx = dout * np.nan", "dx[0, 0] = np.inf")
    values = {one.line - FIRST + 1: {v.name: v for v in one.values} for one in seen.lines}
    big = values[1]["big"]
    assert big.cut
    assert big.shape == (20, 20)
    assert big.values[1] == [20, 21, 22, 23, 24, 25, 26, 27]
    assert values[2]["dx"].values[0][0] == "nan"
    assert values[3]["dx"].values[0][0] == "inf"
    assert set(values[2]) == {"dx", "dout", "np.nan"}
    dout = values[2]["dout"]
    assert (dout.shape, dout.dtype, dout.cut) == ((4, 5), "float64", False)
    assert all(abs(n) < 10 and n == round(n, 1) for row in dout.values for n in row)
    told = json.loads(json.dumps(seen.as_json(), allow_nan=False))
    assert set(told) == {"lines", "case", "stopped", "milliseconds"}
    assert set(told["lines"][0]) == {"line", "text", "state", "detail", "advice", "values"}
    assert told["stopped"] is None
