"""Errors of a draft, explained beside the line that raised."""

from __future__ import annotations

import pytest
from support.drafts import beside

from handgrad.live_shapes import live_shapes

ERRORS = {
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
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_explained_beside_its_line(see, name):
    lines, expected = ERRORS[name]
    seen = see(*lines)
    assert beside(seen) == expected
    [error] = [one for one in seen.lines if one.state == "error"]
    assert seen.stopped.line == error.line
    assert error.detail.zh != error.detail.en or "division by zero" in error.detail.en


def test_an_error_in_a_given_layer_names_the_layer(course, children):
    level = course.level("three-layer-network")
    wrong = level.solution.replace("f3.backward(dy3)", "f2.backward(dy3)")
    [error] = [o for o in live_shapes(level, wrong, pool=children).lines if o.state == "error"]
    assert error.text == "FullyConnected.backward: (4, 5) · (2, 6) ✗"


def test_the_usual_cause_is_given_as_advice(see):
    [error] = [one for one in see("dx = dout @ self.W").lines if one.state == "error"]
    assert "which of them must be transposed" in error.advice.en
