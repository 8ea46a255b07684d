from __future__ import annotations

import numpy as np
import pytest
from support.oracles import STEP, assert_gradient, directional_derivative

ROUND_OFF = np.finfo(np.float64).eps / 2


def cubic(x):
    return float(np.sum(x**3))


def test_directional_derivative_of_a_cubic_is_exact_to_round_off(rng):
    x, direction = rng.normal(size=(2, 3, 4))
    exact = np.sum(3 * x**2 * direction)
    # A fourth-order difference of a cubic has no truncation error. Each value of f carries at most
    # one rounding per term of the sum and five more: for the shifted point (three), the cube, the product.
    error_of_f = (x.size + 5) * ROUND_OFF * cubic(np.abs(x) + 2 * STEP * np.abs(direction))
    bound = (8 + 8 + 1 + 1) * error_of_f / (12 * STEP)
    assert abs(directional_derivative(cubic, x, direction) - exact) <= bound


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
    x = rng.uniform(0.5, 2, size=(3, 4))  # no entry of the gradient is close to zero
    with pytest.raises(AssertionError):
        assert_gradient(cubic, x, wrong(3 * x**2), rng)
