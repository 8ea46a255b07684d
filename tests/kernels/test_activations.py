"""Each activation of the NumPy engine against numerical differentiation, and in place."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad.kernels.activations import ACTIVATIONS

EVERY = pytest.mark.parametrize("name", ACTIVATIONS)


@EVERY
def test_backward_is_the_derivative_of_forward_times_d(rng, name):
    y, d = rng.uniform(-3, 3, 50), rng.normal(size=50)
    y[np.abs(y) < 1e-3] = 1  # away from the kink of ReLU
    step = 1e-6
    higher, lower, out = y + step, y - step, y.copy()
    for block in (higher, lower, out):
        ACTIVATIONS[name].forward(block)
    expected = d * (higher - lower) / (2 * step)
    ACTIVATIONS[name].backward(d, out)
    np.testing.assert_allclose(d, expected, atol=1e-8)


@EVERY
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_inputs_stay_finite_and_nan_stays_nan(name, dtype):
    y = np.array([-1e4, 0.0, 1e4, np.nan], dtype)
    ACTIVATIONS[name].forward(y)
    assert np.isfinite(y[:3]).all()
    assert np.isnan(y[3])


def test_values():
    for name, expected in (("none", [-1e4, 0, 2]), ("relu", [0, 0, 2]), ("sigmoid", [0, 0.5, 1])):
        y = np.array([-1e4, 0, 2 if name != "sigmoid" else 1e4])
        ACTIVATIONS[name].forward(y)
        assert y.tolist() == expected
