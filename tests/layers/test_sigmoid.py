from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from support.oracles import assert_gradient, torch_or_skip

from handgrad import Sigmoid
from handgrad.errors import DtypeError, OrderError, ShapeError


def shape_of(rng):
    return tuple(rng.integers(1, 6, rng.integers(1, 5)))


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        x = 2 * rng.normal(size=shape_of(rng))
        dout = rng.normal(size=x.shape)
        layer = Sigmoid()
        layer.forward(x)
        dx = layer.backward(dout)
        assert_gradient(lambda v, d=dout: float(np.sum(Sigmoid().forward(v) * d)), x, dx, rng)


def test_agrees_with_pytorch(rng):
    torch = torch_or_skip()
    x = 3 * rng.normal(size=shape_of(rng))
    dout = rng.normal(size=x.shape)
    layer = Sigmoid()
    y, dx = layer.forward(x), layer.backward(dout)
    tx = torch.tensor(x, requires_grad=True)
    ty = torch.sigmoid(tx)
    ty.backward(torch.tensor(dout))
    np.testing.assert_allclose(y, ty.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(dx, tx.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 4e-7), (np.float64, 1e-15)])
def test_accurate_in_both_tails(dtype, tolerance):
    smallest = np.finfo(dtype).smallest_normal
    x = np.linspace(np.log(float(smallest)) + 0.1, 40, 20_001).astype(dtype)
    exact = expit(x.astype(np.longdouble))
    error = np.abs(Sigmoid().forward(x).astype(np.longdouble) - exact) / exact
    assert float(error.max()) <= tolerance


def test_extremes_neither_overflow_nor_warn():
    x = np.array([-1e308, -1000.0, 0.0, 1000.0, 1e308, np.inf, -np.inf])
    layer = Sigmoid()
    assert layer.forward(x).tolist() == [0, 0, 0.5, 1, 1, 1, 0]
    assert layer.backward(np.ones(7)).tolist() == [0, 0, 0.25, 0, 0, 0, 0]


def test_nan_passes_through_forward_and_backward():
    layer = Sigmoid()
    assert np.isnan(layer.forward(np.array([np.nan, 1.0]))).tolist() == [True, False]
    assert np.isnan(layer.backward(np.array([1.0, 1.0]))).tolist() == [True, False]
    layer.forward(np.zeros(2))
    assert np.isnan(layer.backward(np.array([1.0, np.nan]))).tolist() == [False, True]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(rng, dtype):
    x = rng.normal(size=(3, 4)).astype(dtype)
    layer = Sigmoid()
    assert layer.forward(x).dtype == dtype
    assert layer.backward(x).dtype == dtype


def test_keeps_out_and_changes_nothing_given(rng):
    x, dout = rng.normal(size=(3, 4)), rng.normal(size=(3, 8))[:, ::2]
    x.flags.writeable = dout.flags.writeable = False
    layer = Sigmoid()
    y = layer.forward(x)
    assert layer.out is y
    dx = layer.backward(dout)
    assert not np.shares_memory(dx, dout)
    np.testing.assert_allclose(dx, dout * y * (1 - y))


def test_an_empty_batch_and_stride_zero():
    layer = Sigmoid()
    assert layer.forward(np.zeros((0, 3))).shape == (0, 3)
    assert layer.backward(np.zeros((0, 3))).shape == (0, 3)
    layer.forward(np.broadcast_to(0.0, (2, 3)))
    assert layer.backward(np.broadcast_to(4.0, (2, 3))).tolist() == [[1, 1, 1], [1, 1, 1]]


def test_errors():
    with pytest.raises(OrderError):
        Sigmoid().backward(np.zeros(3))
    layer = Sigmoid()
    layer.forward(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"\(2, 3\).*\(3, 2\)"):
        layer.backward(np.zeros((3, 2)))
    with pytest.raises(DtypeError, match="float16"):
        layer.forward(np.zeros(3, np.float16))
