from __future__ import annotations

import numpy as np
import pytest

from handgrad.sandbox.protocol.script import compile_script, describe, run_script


class Layer:
    def __init__(self):
        self.dw = np.ones(2)
        self.nothing = None
        self.secret = object()

    def backward(self, dout):
        db = dout  # noqa: F841 -- a local of the name that is asked for
        return dout

    @property
    def broken(self):
        return self.no_such


def run(source, returned, **names):
    return run_script(compile_script(source), dict(names), returned)


def test_values_are_copied_when_assigned():
    x = np.arange(3.0)
    outcome = run(
        "y = x\nz = double(x)", ["y", "z"], x=x, double=lambda a: np.multiply(a, 2, out=a)
    )
    assert outcome.values["y"].array.tolist() == [0, 1, 2]
    assert outcome.values["z"].array.tolist() == [0, 2, 4]
    assert outcome.overwritten == ["y"]


def test_an_absent_attribute_is_a_finding_and_no_exception():
    outcome = run("dW = layer.dW\ndb = layer.nothing\ny = 1.5", ["dW", "db", "y"], layer=Layer())
    assert outcome.error is None
    assert outcome.values["dW"].kind == "missing"
    assert outcome.values["dW"].other_attributes["dw"].tolist() == [1, 1]
    assert outcome.values["db"].kind == "nothing"
    assert outcome.values["y"].array == 1.5


def test_a_local_variable_of_the_name_is_noticed():
    outcome = run("db = layer.db\ndq = layer.dq", ["db", "dq"], layer=Layer())
    assert outcome.values["db"].is_local_variable
    assert not outcome.values["dq"].is_local_variable


def test_an_exception_ends_the_script_and_keeps_what_came_before():
    outcome = run("y = x\nz = 1 / 0\nw = x", ["y", "z", "w"], x=np.zeros(1))
    assert isinstance(outcome.error, ZeroDivisionError)
    assert list(outcome.values) == ["y"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "nothing"),
        ((1, 2), "tuple"),
        ([1.0], "object"),
        ("text", "object"),
        (np.array([None]), "object"),
        (np.array(["a"]), "object"),
        (np.float32(1), "array"),
        (3, "array"),
        (2.5, "array"),
        (10**400, "object"),
        (np.ma.array([1.0, 2.0], mask=[True, False]), "array"),
    ],
)
def test_what_counts_as_an_array(value, kind):
    assert describe(value).kind == kind


def test_subclasses_count_by_their_plain_data():
    class Liar(np.ndarray):
        def __array_finalize__(self, obj):
            pass

        def tobytes(self, *_):
            return b""

    value = describe(np.zeros(3).view(Liar))
    assert type(value.array) is np.ndarray
    assert describe(np.arange(3, dtype=">f8")).array.dtype == np.dtype("=f8")
    assert describe(np.zeros(2, np.longdouble)).array.dtype == np.float64


def test_a_script_line_must_be_simple():
    with pytest.raises(ValueError, match="one name"):
        compile_script("a, b = 1, 2")
