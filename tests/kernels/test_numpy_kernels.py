from __future__ import annotations

import numpy as np
import pytest
from support.layouts import LAYOUTS

from handgrad import kernels
from handgrad.kernels import numpy_kernels


def calls(rng, dtype=np.float64):
    """Every kernel with arguments of random shapes."""
    B, N, M = (int(n) for n in rng.permutation([2, 3, 4]))
    x, W, b, dout = (
        rng.normal(size=shape).astype(dtype) for shape in ((B, N), (N, M), (M,), (B, M))
    )
    rows = np.eye(M, dtype=dtype)[rng.integers(M, size=B)]
    p, log_p = numpy_kernels.softmax(dout)
    return {
        "affine": (x, W, b),
        "affine_input_gradient": (dout, W),
        "affine_weight_gradient": (x, dout),
        "affine_bias_gradient": (dout,),
        "activation": (x, "sigmoid"),
        "activation_backward": (dout, numpy_kernels.activation(dout, "sigmoid"), "sigmoid"),
        "rectify_and_gate": (x,),
        "gated": (dout, dout <= 0),
        "softmax": (dout,),
        "cross_entropy": (log_p, rows),
        "cross_entropy_gradient": (p, rows),
        "mean_square": (x,),
        "mean_square_gradient": (x,),
    }


pytestmark = pytest.mark.usefixtures("engine")


def test_every_kernel_is_exported_and_tested_here(rng):
    assert set(calls(rng)) == set(kernels.RETURNING)
    assert all(callable(getattr(kernels, name)) for name in kernels.RETURNING + kernels.IN_PLACE)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", kernels.RETURNING)
def test_every_kernel_gives_what_numpy_gives_for_every_layout(rng, name, dtype, layout):
    arguments = calls(rng, dtype)[name]
    expected = getattr(numpy_kernels, name)(*arguments)
    laid_out = [a if isinstance(a, str) else LAYOUTS[layout](a) for a in arguments]
    received = getattr(kernels, name)(*laid_out)
    if not isinstance(expected, tuple):
        expected, received = (expected,), (received,)
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6 if dtype is np.float32 else 1e-14, atol=1e-7)


@pytest.mark.parametrize("name", kernels.RETURNING)
def test_no_kernel_writes_into_its_arguments_or_gives_them_back(rng, name):
    arguments = calls(rng)[name]
    arrays = [argument for argument in arguments if isinstance(argument, np.ndarray)]
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    results = getattr(kernels, name)(*arguments)
    assert [array.tobytes() for array in arrays] == before
    for result in results if isinstance(results, tuple) else (results,):
        assert not any(np.shares_memory(result, array) for array in arrays)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", kernels.RETURNING)
def test_every_kernel_keeps_the_dtype(rng, name, dtype):
    results = getattr(kernels, name)(*calls(rng, dtype)[name])
    for result in results if isinstance(results, tuple) else (results,):
        if name == "rectify_and_gate" and result is not results[0]:
            assert result.dtype == np.bool_
            continue
        if name in ("cross_entropy", "mean_square"):
            assert type(result) is float
        else:
            assert result.dtype == dtype


def test_affine_kernels_against_sums_written_out(rng):
    x, W, b = calls(rng)["affine"]
    dout = rng.normal(size=(len(x), len(b)))
    y = [[sum(xi[n] * W[n, m] for n in range(len(W))) + b[m] for m in range(len(b))] for xi in x]
    np.testing.assert_allclose(kernels.affine(x, W, b), y, rtol=1e-12, atol=1e-14)
    dW = sum(np.outer(xi, di) for xi, di in zip(x, dout, strict=True))
    np.testing.assert_allclose(kernels.affine_weight_gradient(x, dout), dW, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(kernels.affine_bias_gradient(dout), sum(dout), rtol=1e-12)
    dx = [[di @ W[n] for n in range(len(W))] for di in dout]
    np.testing.assert_allclose(kernels.affine_input_gradient(dout, W), dx, rtol=1e-12, atol=1e-14)


def test_a_bias_of_a_wider_dtype_is_not_narrowed():
    y = kernels.affine(np.ones((1, 1), np.float32), np.ones((1, 1), np.float32), np.array([1e-12]))
    assert y.dtype == np.float64
    assert y.tolist() == [[1 + 1e-12]]


def test_gate_and_gated_around_the_kink_and_nan():
    x = np.array([-1.0, -0.0, 0.0, 1e-300, np.nan])
    _, closed = kernels.rectify_and_gate(x)
    assert closed.tolist() == [True, True, True, False, False]
    assert kernels.gated(np.full(5, 2.0), closed).tolist() == [0, 0, 0, 2, 2]
    assert np.isnan(kernels.gated(np.full(5, np.nan), closed)).all()
    assert kernels.gated(np.full(5, -np.inf), closed)[:3].tolist() == [0, 0, 0]


def test_sigmoid_gradient_of_an_infinite_dout_is_nan_where_the_derivative_is_zero():
    dx = kernels.activation_backward(np.full(3, np.inf), np.array([0.0, 0.5, 1.0]), "sigmoid")
    assert np.isnan(dx).tolist() == [True, False, True]


def test_softmax_rows_sum_to_one_and_its_logarithm_is_its_logarithm(rng):
    z = 20 * rng.normal(size=(5, 4))
    p, log_p = kernels.softmax(z)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(np.exp(log_p), p, rtol=1e-12)


def test_log_softmax_stays_finite_where_the_probability_is_zero():
    p, log_p = kernels.softmax(np.array([[0.0, -1000.0]]))
    assert p.tolist() == [[1, 0]]
    assert log_p.tolist() == [[0, -1000]]


def test_cross_entropy_ignores_classes_without_weight():
    log_p = np.array([[0.0, -np.inf]])
    assert kernels.cross_entropy(log_p, np.array([[1.0, 0.0]])) == 0
    assert kernels.cross_entropy(log_p, np.array([[0.0, 1.0]])) == np.inf


def test_nothing_to_average_over():
    empty = np.zeros((0, 3))
    assert kernels.cross_entropy(empty, empty) == kernels.mean_square(empty) == 0
    assert kernels.cross_entropy_gradient(empty, empty).shape == (0, 3)
    assert kernels.mean_square_gradient(empty).shape == (0, 3)
