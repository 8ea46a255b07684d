from __future__ import annotations

import numpy as np
import pytest

from handgrad.gradcheck.conditions.differences import (
    largest_difference,
    relative_difference,
    rounding_tolerance,
)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rounding_agrees_and_a_wrong_entry_does_not(rng, dtype):
    expected = rng.normal(size=(5, 7)).astype(dtype)
    rounded = (expected.astype(np.float64) * (1 + 4 * np.finfo(dtype).eps)).astype(dtype)
    assert relative_difference(rounded, expected) is None
    wrong = expected.copy()
    wrong[2, 3] += 3 * rounding_tolerance(np.dtype(dtype)) * np.abs(expected).max()
    assert relative_difference(wrong, expected) > rounding_tolerance(np.dtype(dtype))


def test_a_missing_gradient_is_one_of_zeros():
    assert relative_difference(None, None) is None
    assert relative_difference(None, np.zeros(3)) is None
    assert relative_difference(np.zeros(3), None) is None
    assert relative_difference(None, np.ones(3)) == 1.0


def test_shapes_and_numbers_that_are_not_finite():
    assert relative_difference(np.ones(2), np.ones((2, 1))) == float("inf")
    assert relative_difference(np.array([np.inf, 1.0]), np.array([1.0, 1.0])) == float("inf")
    nan = np.array([np.nan, np.inf, 1.0])
    assert relative_difference(nan, nan.copy()) is None
    assert relative_difference(np.empty(0), np.empty(0)) is None


def test_the_type_that_the_code_computes_in_decides_what_is_rounding(rng):
    expected = rng.normal(size=(4, 5)).astype(np.float32)
    rounded = expected.astype(np.float16).astype(np.float32)
    assert relative_difference(rounded, expected, epsilon=2.0**-10) is None
    found = {"x": expected * 1.01}
    assert largest_difference(found, {"x": expected}, {})[0] == "x"
    assert largest_difference(found, {"x": expected}, {}, epsilon=2.0**-10) is None
    assert largest_difference({"x": expected * 1.1}, {"x": expected}, {}, epsilon=2.0**-10)
