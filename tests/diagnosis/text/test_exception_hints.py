"""Exceptions that Python and NumPy really raise get the hint that is meant for them."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import an_error, made_trial

from handgrad.diagnosis.text.exception_hints import HINTS, SHAPE_HINTS, hint_for

NONE, MATRIX, VECTOR = None, np.ones((2, 3)), np.ones(4)


class Layer:
    def forward(self, x):
        return x


def raised_by(code):
    try:
        exec(code, {"np": np, "none": NONE, "m": MATRIX.copy(), "v": VECTOR.copy(), "Layer": Layer})
    except Exception as error:
        return an_error(type_name=type(error).__name__, message=str(error))
    raise AssertionError("nothing was raised")


REAL = {
    "m @ m": "left factor has 3 columns and the right one 2 rows",
    "m.dot(m)": "shapes (2,3) and (2,3) cannot be multiplied",
    "m @ 3": "use `*` to multiply by a number",
    "m + v": "(2,3) and (4,) cannot be combined",
    "v *= np.ones((2, 4))": "left side has shape (4,), the result (2,4)",
    "m[0] = v": "shape (4,) cannot be assigned to a part of shape (3,)",
    "m.reshape(4, 2)": "6 numbers cannot be reshaped to (4,2)",
    "a, b, c = m.shape": "3 names on the left",
    "if m > 0: pass": "use a mask or np.where",
    "v[0] = [1, 2]": "holds one number",
    "m.transpose(0, 1, 2)": "different number of axes",
    "m.sum(axis=2)": "no axis 2: this array has 2",
    "m.shape[3]": "tuple index is out of range",
    "m[5]": "Index 5 is out of range: axis 0 has length 2",
    "v[0, 0]": "only 1 axes",
    "v[np.ones(3, bool)]": "different shapes",
    "dx": "assign dx between",
    "dout": "no variable dout",
    "def f():\n    a += 1\nf()": "a is used before it is assigned",
    "none.shape": "value before `.shape` is None",
    "np.dott": "NumPy has no dott",
    "m.transposed": "has no `.transposed`",
    "Layer().W": "has no attribute W: check which name",
    "none * m": "One of the values is None",
    "none[0]": "One of the values is None",
    "-(m > 0)": "does not work on booleans",
    "Layer().forward(1, 2)": "more arguments than it declares",
    "Layer().forward()": "missing the argument 'x'",
    "v(3)": "but this is a numpy.ndarray",
    "v[:] = 0; i = np.ones(2, int); i *= 0.5": "cannot store fractions",
    "m.flags.writeable = False; m[0] = 1": "read-only because it belongs to the caller",
    "def f(): f()\nf()": "calls itself endlessly",
}  # fmt: skip


@pytest.mark.parametrize("code", REAL)
def test_a_real_exception_gets_its_hint(code):
    hint = hint_for(raised_by(code))
    assert hint is not None
    assert REAL[code] in hint.en
    assert "{" not in hint.zh + hint.en


def test_every_hint_is_met_by_one_of_these():
    errors = [raised_by(code) for code in REAL]
    errors.append(an_error(type_name="EOFError", message="EOF when reading a line"))
    met = {hint_for(error).zh.partition("：")[0] for error in errors}
    known = [hint for hints in (HINTS, SHAPE_HINTS) for texts in hints.values() for hint in texts]
    assert len(met) >= len(known) - 1  # two of them begin alike


def test_shapes_are_added_where_they_help():
    inputs = {"x": np.ones((2, 3)), "scale": 2.0, "x_earlier": np.ones(5)}
    trial = made_trial(1, {}, {}, inputs=inputs)
    assert hint_for(raised_by("m @ m"), trial).en.endswith("In this case x has shape (2, 3).")
    assert "has shape" not in hint_for(raised_by("none * m"), trial).en
    assert "has shape" not in hint_for(raised_by("m @ m"), made_trial(1, {}, {})).en


def test_what_is_not_known_gets_no_hint():
    assert hint_for(an_error(type_name="ZeroDivisionError", message="division by zero")) is None


def test_words_of_a_stranger_are_made_safe():
    error = an_error(type_name="AttributeError", message="'a' object has no attribute 'b\u4e00'")
    assert "\x1b" not in hint_for(error).en
