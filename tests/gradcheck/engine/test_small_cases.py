from __future__ import annotations

import numpy as np

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine.small_cases import MOST_ENTRIES, digit_point, small_case


def square(rng, factor, size):
    f = Vjp(lambda x: x**2, lambda dout, x: factor * dout * x)
    return FunctionUnderTest.of(f, [rng.normal(size=size)])


def test_the_right_gradient_is_measured_and_the_wrong_one_is_found(rng):
    size = int(rng.integers(2, 9))
    right, wrong = (square(rng, factor, size) for factor in (2, 3))
    case = small_case(right, right.point, ["x"], rng)
    assert case.wrong == []
    case = small_case(wrong, wrong.point, ["x"], rng)
    assert case.wrong == ["x"]
    assert np.allclose(case.right["x"], 2 * case.dout * wrong.point["x"], rtol=1e-8, atol=1e-8)


def test_a_large_array_is_not_measured(rng):
    subject = square(rng, 2, MOST_ENTRIES + 1)
    assert small_case(subject, subject.point, ["x"], rng) is None


def test_a_point_without_a_derivative_gives_no_case(rng):
    subject = FunctionUnderTest.of(Vjp(np.abs, lambda dout, x: dout * np.sign(x)), [np.zeros(3)])
    assert small_case(subject, subject.point, ["x"], rng) is None


def test_digits_are_small_whole_numbers_without_zeros(rng):
    point = digit_point({"x": rng.normal(size=(4, 7))}, {7: 2}, rng)
    assert point["x"].shape == (4, 2)
    assert set(np.abs(point["x"]).ravel()) <= {1, 2, 3, 4, 5}
