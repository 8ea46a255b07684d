"""The operation that raised, with its operands as they were."""

from __future__ import annotations

import pytest
from support.traced_drafts import trace

from handgrad.sandbox.child.draft.failed_operation import OperationFinder

START = "import numpy as np\nx, W = np.ones((4, 3)), np.ones((5, 2))\nclass A: pass\na = A()\n"


def failed(statement):
    traced = trace(START + statement)
    assert traced.error is not None
    return OperationFinder(traced.tracer, {"traced.py": traced.instrumented}).of(traced.error)


@pytest.mark.parametrize(
    ("statement", "does", "sign", "operands"),
    [
        ("y = x + W", "operator", "+", [("x", [4, 3]), ("W", [5, 2])]),
        ("y = x @ W", "operator", "@", [("x", [4, 3]), ("W", [5, 2])]),
        ("x += W", "in-place", "+", [("x", [4, 3]), ("W", [5, 2])]),
        ("np.dot(x, W)", "call", "dot", [("np", []), ("x", [4, 3]), ("W", [5, 2])]),
        ("x[9]", "index", "[]", [("x", [4, 3]), ("9", [])]),
        ("x[9] = 1", "store", "[]", [("x", [4, 3]), ("9", [])]),
        ("a.missing", "attribute", "missing", [("a", [])]),
        ("missing", "name", "missing", []),
        ("p, q, r = x", "unpack", "3", [("x", [4, 3])]),
    ],
)
def test_each_kind(statement, does, sign, operands):
    found = failed(statement)
    assert (found["does"], found["sign"]) == (does, sign)
    assert [(one["text"], one["shape"]) for one in found["operands"]] == operands
    assert found["inside"] == ""


def test_names_that_exist_are_given():
    assert {"x", "W"} <= set(failed("missing")["has"])


def test_an_exception_of_another_file_has_no_operation():
    assert OperationFinder(trace("x = 1").tracer, {}).of(ValueError()) is None
