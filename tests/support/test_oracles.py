from __future__ import annotations

import numpy as np
import pytest
from support.oracles import assert_gradient, directional_derivative


def cubic(x):
    return float(np.sum(x**3))


def test_directional_derivative_of_a_cubic_is_exact_to_round_off(rng):
    x, direction = rng.normal(size=(2, 3, 4))
    exact = np.sum(3 * x**2 * direction)
    assert abs(directional_derivative(cubic, x, direction) - exact) <= 1e-10


def test_a_right_gradient_is_accepted(rng):
    x = rng.normal(size=(3, 4))
    assert_gradient(cubic, x, 3 * x**2, rng)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda right: -right,
        lambda right: right / 3,
        lambda right: right + 1e-6,
        lambda right: right * (1 + 1e-6),
        lambda right: right[::-1],
        lambda right: right[:1],
        lambda right: np.full_like(right, np.nan),
        lambda right: np.where(np.arange(right.size).reshape(right.shape) == 5, 0, right),
    ],
)
def test_a_wrong_gradient_is_refused(rng, wrong):
    x = rng.normal(size=(3, 4))
    with pytest.raises(AssertionError):
        assert_gradient(cubic, x, wrong(3 * x**2), rng)
