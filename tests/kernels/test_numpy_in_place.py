from __future__ import annotations

import warnings

import numpy as np
import pytest

from handgrad import kernels
from handgrad.kernels import numpy_in_place, numpy_kernels
from handgrad.kernels.activations import ACTIVATIONS
from handgrad.kernels.scratch_arrays import UPDATE_BLOCK

pytestmark = pytest.mark.usefixtures("engine")

DTYPES = pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 2e-6), (np.float64, 1e-13)])
SHAPES = [(1, 1), (3, 5), (7, 1), (130, 300), (2, 40000)]
"""Small ones; one shared out over threads and gone through in several blocks; one wide."""


@DTYPES
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_bias_and_activation_in_one(rng, dtype, rtol, shape, activation):
    y, b = rng.normal(size=shape).astype(dtype), rng.normal(size=shape[1]).astype(dtype)
    expected = numpy_kernels.activation(y + b, activation)
    kernels.bias_activation(y, b, activation)
    np.testing.assert_allclose(y, expected, rtol=rtol, atol=rtol)


@DTYPES
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activation_backward_and_db_in_one(rng, dtype, rtol, shape, activation):
    y, d = (rng.normal(size=shape).astype(dtype) for _ in range(2))
    out, db = numpy_kernels.activation(y, activation), np.full(shape[1], np.nan, dtype)
    expected = numpy_kernels.activation_backward(d, out, activation)
    kernels.activation_gradient(d, out, activation, db)
    np.testing.assert_allclose(d, expected, rtol=rtol, atol=rtol)
    np.testing.assert_allclose(
        db, expected.astype(np.float64).sum(axis=0), rtol=50 * rtol, atol=50 * rtol
    )


def test_nan_passes_activations():
    for activation in ACTIVATIONS:
        y = np.array([[np.nan, 1.0, -1.0]])
        kernels.bias_activation(y, np.zeros(3), activation)
        assert np.isnan(y).tolist() == [[True, False, False]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_in_place_is_accurate_and_never_warns(dtype):
    y = np.array([[-1000, -80, -1, 0, 1, 80, 1000]], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = numpy_kernels.activation(y, "sigmoid")
        kernels.bias_activation(y, np.zeros(7, dtype), "sigmoid")
    np.testing.assert_allclose(y, expected, rtol=4e-7 if dtype is np.float32 else 1e-15)


@DTYPES
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (300, 10), (2, 2000)])
@pytest.mark.parametrize("rows", [False, True])
def test_softmax_and_cross_entropy_in_one(rng, dtype, rtol, shape, rows):
    z = (5 * rng.normal(size=shape)).astype(dtype)
    labels = rng.integers(shape[1], size=shape[0])
    one_hot = np.eye(shape[1], dtype=dtype)[labels]
    targets = rng.dirichlet(np.ones(shape[1]), shape[0]).astype(dtype) if rows else one_hot
    p, log_p = numpy_kernels.softmax(z)
    dz = np.empty_like(z)
    loss = kernels.softmax_cross_entropy(z, targets if rows else labels, dz)
    assert loss == pytest.approx(
        numpy_kernels.cross_entropy(log_p, targets), rel=10 * rtol, abs=10 * rtol
    )
    np.testing.assert_allclose(
        dz, numpy_kernels.cross_entropy_gradient(p, targets), rtol=20 * rtol, atol=rtol
    )


@pytest.mark.parametrize("rows", [False, True])
def test_scores_of_any_size_and_nan(rows):
    z = np.array([[0.0, -1e30, 1e30], [1.0, 2.0, 3.0]])
    labels = np.array([2, 0])
    t = np.eye(3)[labels] if rows else labels
    dz = np.empty_like(z)
    assert np.isfinite(kernels.softmax_cross_entropy(z, t, dz))
    assert np.isfinite(dz).all()
    z[0, 0] = np.nan
    assert np.isnan(kernels.softmax_cross_entropy(z, t, dz))


@DTYPES
def test_mean_squared_error(rng, dtype, rtol):
    z, t = (rng.normal(size=(9, 11)).astype(dtype) for _ in range(2))
    dz = np.empty_like(z)
    loss = kernels.mean_squared_error(z, t, dz)
    assert loss == pytest.approx(numpy_kernels.mean_square(z - t), rel=10 * rtol)
    np.testing.assert_allclose(dz, numpy_kernels.mean_square_gradient(z - t), rtol=rtol, atol=rtol)


@DTYPES
@pytest.mark.parametrize(
    ("rule", "arrays", "coefficients"),
    [
        ("sgd", 0, (0.1,)),
        ("momentum", 1, (0.1, 0.9)),
        ("nesterov", 1, (0.1, 0.9)),
        ("adagrad", 1, (0.1, 1e-10)),
        ("rmsprop", 1, (0.1, 0.9, 1e-8)),
        ("adam", 2, (0.1, 0.9, 0.99, 1e-8, 1.2, 0.9)),
    ],
)
def test_an_update_of_any_size_is_that_of_numpy(rng, dtype, rtol, rule, arrays, coefficients):
    for size in (1, 3, 3 * UPDATE_BLOCK + 5):
        p, g, *state = (np.abs(rng.normal(size=size)).astype(dtype) for _ in range(2 + arrays))
        expected = [array.copy() for array in (p, *state)]
        numpy_in_place.update(rule, expected[0], g, expected[1:], coefficients)
        before = g.copy()
        kernels.update(rule, p, g, state, coefficients)
        for received, right in zip((p, *state), expected, strict=True):
            np.testing.assert_allclose(received, right, rtol=5 * rtol, atol=5 * rtol)
        assert g.tobytes() == before.tobytes()
