"""Live shapes, from a draft to its lines: every way of writing, every way of failing, at once."""

from __future__ import annotations

import json
import threading

import pytest
from support.answers import BEGIN, SOLUTION

from handgrad.errors import SandboxError
from handgrad.live_shapes.draft_run import MAX_DRAFT_BYTES, LiveShaper, live_shapes
from handgrad.sandbox import Pool, pool, zygote

RETURN = "        ########## End ##########\n        return dx\n"
START, WHOLE = SOLUTION.split(BEGIN)
END = WHOLE[WHOLE.index(RETURN) :]
FIRST = START.count("\n") + 2
"""The number of the first line between Begin and End."""


def draft(*lines):
    """The template with these lines between Begin and End."""
    return START + BEGIN + "".join(f"        {line}\n" for line in lines) + END


@pytest.fixture(scope="module")
def children():
    with Pool() as kept:
        yield kept


@pytest.fixture
def level(course):
    return course.level("fully-connected")


@pytest.fixture
def see(level, children):
    """The live shapes of a draft; the lines that are between Begin and End count from 1."""

    def seen(*lines, source=None):
        return live_shapes(level, draft(*lines) if source is None else source, pool=children)

    return seen


def beside(seen):
    """What stands beside each line between Begin and End, and behind it."""
    return {
        one.line - FIRST + 1: one.text + (f"  {one.detail.en}" if one.detail else "")
        for one in seen.lines
        if one.line >= FIRST
    }


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


WAYS = {
    "inner sizes": (["dx = np.dot(dout, self.W)"], {1: "(4, 5) · (3, 5) ✗  inner sizes 5 and 3"}),
    "an operator": (["dx = dout @ self.W"], {1: "(4, 5) · (3, 5) ✗  inner sizes 5 and 3"}),
    "a method": (["dx = dout.dot(self.W)"], {1: "(4, 5) · (3, 5) ✗  inner sizes 5 and 3"}),
    "inside a larger expression": (
        ["dx = 2 * (dout @ self.W).reshape(4, 3)"], {1: "(4, 5) · (3, 5) ✗  inner sizes 5 and 3"}
    ),
    "a vector": (["dx = self.W @ self.x[0]"], {1: "(3, 5) · (3,) ✗  inner sizes 5 and 3"}),
    "broadcasting": (["dx = dout * self.x"], {1: "(4, 5) * (4, 3) ✗  axis 1: 5 and 3"}),
    "broadcasting of few axes": (
        ["dx = dout + self.x[:, 0]"], {1: "(4, 5) + (4,) ✗  the last axes: 5 and 4"}
    ),
    "a function that broadcasts": (
        ["dx = np.maximum(dout, self.x)"], {1: "maximum (4, 5), (4, 3) ✗  axis 1: 5 and 3"}
    ),
    "in place": (
        ["db = np.zeros(5)", "db += dout", "dx = db"],
        {1: "db (5,)", 2: "(5,) += (4, 5) ✗  the left side cannot hold the result"},
    ),
    "reshape": (
        ["dx = (dout @ self.W.T).reshape(4, 4)"], {1: "(4, 3) → (4, 4) ✗  12 numbers, 16 places"}
    ),
    "reshape with one size left open": (
        ["dx = (dout @ self.W.T).reshape(-1, 7)"],
        {1: "(4, 3) → (-1, 7) ✗  12 numbers do not split into groups of 7"},
    ),
    "reshape to a shape that was kept": (
        ["dx = np.reshape(dout, self.original_x_shape)"],
        {1: "(4, 5) → (4, 3) ✗  20 numbers, 12 places"},
    ),
    "an axis": (
        ["dx = np.sum(dout, axis=2)"], {1: "(4, 5) axis=2 ✗  there are axes 0 and 1 only"}
    ),
    "an axis of a vector": (
        ["dx = dout.sum(axis=0).sum(axis=1)"], {1: "(5,) axis=1 ✗  there is only axis 0"}
    ),
    "axes of a transpose": (
        ["dx = dout.transpose(0, 2, 1)"], {1: "transpose (4, 5) ✗  the array has 2 axes; name 2"}
    ),
    "einsum": (
        ["dx = np.einsum('ij,jk->ik', dout, self.W)"], {1: "(4, 5) · (3, 5) ✗  j is both 5 and 3"}
    ),
    "letters of einsum": (
        ["dx = np.einsum('ijk,jk->ik', dout, self.W)"],
        {1: "(4, 5) · (3, 5) ✗  ijk has 3 letters, (4, 5) has 2 axes"},
    ),
    "concatenation": (
        ["dx = np.concatenate([dout, self.x])"],
        {1: "concatenate (4, 5), (4, 3) ✗  axis 1: 5 and 3"},
    ),
    "a mask": (
        ["dx = dout.copy()", "dx[self.x <= 0] = 0"],
        {1: "dx (4, 5)", 2: "(4, 5)[(4, 3)] ✗  the mask differs at axis 1: 5 and 3"},
    ),
    "an index": (["dx = dout[9]"], {1: "(4, 5)[9] ✗  axis 0 has 4 entries"}),
    "too many indices": (["dx = dout[0, 0, 0]"], {1: "(4, 5)[0, 0, 0] ✗  it has 2 axes"}),
    "an index of a shape": (["dx = dout.shape[2]"], {1: "(4, 5)[2] ✗  there are 2 numbers"}),
    "a place": (
        ["dx = dout.copy()", "dx[0] = self.x"],
        {1: "dx (4, 5)", 2: "(4, 3) → (5,) ✗  the last axes: 3 and 5"},
    ),
    "unpacking": (["B, N, M = dout.shape"], {1: "(4, 5) ✗  2 numbers, 3 names"}),
    "an attribute that is not set": (
        ["dx = self.X.T @ dout"], {1: "✗  there is no self.X yet; did you mean self.x?"}
    ),
    "an attribute that is None": (
        ["dx = self.dW.T @ dout"], {1: "✗  self.dW is None: does forward set it?"}
    ),
    "None in a product": (
        ["dx = dout * self.db"], {1: "✗  self.db is None: does forward set it?"}
    ),
    "a forgotten self": (["dx = x.T @ dout"], {1: "✗  x has no value yet; did you mean self.x?"}),
    "a name spelled otherwise": (
        ["total = dout", "dx = totl"],
        {1: "total (4, 5)", 2: "✗  totl has no value yet; did you mean total?"},
    ),
    "a function that NumPy lacks": (
        ["dx = np.dott(dout)"], {1: "✗  there is no np.dott; did you mean np.dot?"}
    ),
    "any other exception": (["dx = 1 / 0"], {1: "✗  ZeroDivisionError: division by zero"}),
    "an import": (["import torch"], {1: "✗  torch cannot be imported here"}),
    "a file": (["open('/etc/passwd')"], {1: "✗  this is not allowed here"}),
    "an exit": (["raise SystemExit"], {1: "✗  the program ends here"}),
    "a loop": (
        ["for i, row in enumerate(dout):", "    total = row * i", "dx = total"],
        {1: "i = 3 ×4; row (5,) ×4", 2: "total (5,) ×4", 3: "dx (5,)", 5: "→ (5,)"},
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


@pytest.mark.parametrize("way", WAYS)
def test_what_stands_beside_the_lines(see, way):
    lines, expected = WAYS[way]
    seen = see(*lines)
    assert beside(seen) == expected
    errors = [one for one in seen.lines if one.state == "error"]
    assert (seen.stopped is not None) == bool(errors)
    if errors:
        assert seen.stopped.line == errors[0].line
        assert all(one.detail.zh and one.detail.en for one in errors)


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


def test_both_activations_are_followed_and_one_does_not_stop_the_other(course, children):
    level = course.level("activations")
    wrong = level.solution.replace("(1.0 - self.out)", "(1.0 - self.outt)", 1)
    assert wrong != level.solution
    seen = live_shapes(level, wrong, pool=children)
    [error] = [one for one in seen.lines if one.state == "error"]
    assert "self.out" in error.detail.en
    assert max(one.line for one in seen.lines) > error.line
    assert "mask (4, 3) bool" in [one.text for one in seen.lines]
    assert live_shapes(level, level.solution, pool=children).stopped is None


def test_a_network_and_its_given_layers(course, children):
    level = course.level("three-layer-network")
    seen = live_shapes(level, level.solution, pool=children)
    assert seen.stopped is None
    assert seen.case.en == "B = 4, N = 3, H1 = 6, H2 = 2, M = 5"
    assert [one.text for one in seen.lines][-2:] == ["dx (4, 3)", "→ (4, 3)"]
    wrong = level.solution.replace("f3.backward(dy3)", "f2.backward(dy3)")
    [error] = [o for o in live_shapes(level, wrong, pool=children).lines if o.state == "error"]
    assert error.text == "FullyConnected.backward: (6, 4) · (4, 5) ✗" or "✗" in error.text
    assert "FullyConnected.backward" in error.text


def test_the_draft_s_own_layers_are_followed_in_a_network(course, children):
    level = course.level("three-layer-network")
    own = course.level("fully-connected").solution
    seen = live_shapes(level, level.solution + "\n\n" + own, pool=children)
    assert "(4, 3) · (3, 6) + (6,) → (4, 6)" not in [one.text for one in seen.lines]  # three layers
    [product] = [one for one in seen.lines if " + " in one.text]
    assert product.text.endswith("×3")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "FullyConnected"),
        ("import numpy as np\nx = np.ones((2, 3))\n", "FullyConnected"),
        ("class FullyConnected:\n    pass\n", "forward"),
        ("class FullyConnected:\n    def __init__(self):\n        self.x = 1\n", "forward"),
        (SOLUTION.replace("def forward(self, x)", "def forward(x)"), "forward"),
        ("x = 1 / 0\n", "ZeroDivisionError"),
        ("\x00", "line 1"),
        ("FullyConnected = 3", "FullyConnected"),
    ],
)  # fmt: skip
def test_a_file_that_has_no_such_class_yet(see, source, words):
    seen = see(source=source)
    assert words in seen.stopped.message.en
    assert seen.stopped.message.zh


def test_the_rest_of_the_file_is_followed_as_well(see):
    seen = see(source="import numpy as np\nx = np.ones((2, 3))\ny = x @ x\n")
    assert [(one.line, one.text) for one in seen.lines] == [
        (2, "x (2, 3)"), (3, "(2, 3) · (2, 3) ✗"),
    ]  # fmt: skip


def test_bytes_of_every_encoding(see):
    assert see(source=SOLUTION.encode("gbk")).stopped is None
    assert see(source=b"\xef\xbb\xbf" + SOLUTION.encode()).stopped is None
    assert see(source=SOLUTION.replace("\n", "\r\n")).stopped is None


def test_one_that_is_too_long_is_not_run(see):
    seen = see(source="#" * (MAX_DRAFT_BYTES + 1))
    assert "64 KB" in seen.stopped.message.en
    assert seen.lines == ()


def test_the_numbers_stay_the_same_from_run_to_run(see):
    first, second = see(source=SOLUTION), see(source=SOLUTION)
    assert first.lines == second.lines


def test_threads_share_a_pool(level, children):
    """Several learners type at once, and a judge takes children from the same pool."""
    faults, texts = [], []

    def work(number):
        try:
            for i in range(6):
                lines = (
                    ["while True: pass"]
                    if (number, i) == (0, 2)
                    else [f"dx = dout @ self.W.T * {i}"]
                )
                seen = shaper.shapes(level, draft(*lines))
                texts.append(beside(seen)[1])
        except BaseException as fault:
            faults.append(fault)

    with LiveShaper(children, at_once=3) as shaper:
        threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []
    assert len(texts) == 30
    assert sum("(4, 5) · (5, 3) → dx (4, 3)" in text for text in texts) == 29


def test_below_the_isolation_that_is_asked_for_nothing_runs(level, monkeypatch):
    monkeypatch.setattr(pool, "IS_POSSIBLE", False)
    with LiveShaper(minimum_isolation=2) as shaper, pytest.raises(SandboxError, match="level 2"):
        shaper.shapes(level, SOLUTION)


def test_a_child_that_is_started_for_itself_gives_the_same(level, children, monkeypatch):
    """As on Windows and macOS, where nothing can be forked."""
    expected = live_shapes(level, SOLUTION, pool=children)
    monkeypatch.setattr(pool, "IS_POSSIBLE", False)
    with Pool(expected=1) as started:
        assert live_shapes(level, SOLUTION, pool=started).lines == expected.lines


def test_another_zygote_takes_over_when_one_dies(level):
    if not zygote.IS_POSSIBLE:
        pytest.skip("there is no zygote here")
    with Pool(ahead=1) as kept:
        live_shapes(level, SOLUTION, pool=kept)
        kept._zygotes._current.close()
        assert live_shapes(level, SOLUTION, pool=kept).stopped is None
