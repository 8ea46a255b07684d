from __future__ import annotations

import numpy as np
import pytest
from support.oracles import assert_gradient, torch_or_skip

from handgrad import Relu
from handgrad.errors import OrderError, ShapeError


def away_from_zero(rng, shape):
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.1, 2, shape)


def shape_of(rng):
    return tuple(rng.integers(1, 6, rng.integers(1, 5)))


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        x = away_from_zero(rng, shape_of(rng)) * 10  # the kink is further than any step
        dout = rng.normal(size=x.shape)
        layer = Relu()
        layer.forward(x)
        assert_gradient(
            lambda v, d=dout: float(np.sum(Relu().forward(v) * d)), x, layer.backward(dout), rng
        )


def test_agrees_with_pytorch_at_zero_too(rng):
    torch = torch_or_skip()
    x = away_from_zero(rng, (4, 6))
    x[0, :3] = 0.0, -0.0, 0.0
    dout = rng.normal(size=x.shape)
    layer = Relu()
    y, dx = layer.forward(x), layer.backward(dout)
    tx = torch.tensor(x, requires_grad=True)
    ty = torch.relu(tx)
    ty.backward(torch.tensor(dout))
    assert y.tolist() == ty.detach().numpy().tolist()
    assert dx.tolist() == tx.grad.numpy().tolist()


def test_the_statement_s_example():
    layer = Relu()
    assert layer.forward(np.array([-2, 0, 3, 0.5])).tolist() == [0, 0, 3, 0.5]
    assert layer.mask.tolist() == [True, True, False, False]
    assert layer.backward(np.array([5.0, 7, -1, 2])).tolist() == [0, 0, -1, 2]


def test_nan_passes_through_forward_and_backward():
    layer = Relu()
    y = layer.forward(np.array([np.nan, -1.0, 2.0]))
    assert np.isnan(y).tolist() == [True, False, False]
    dx = layer.backward(np.array([np.nan, 1.0, np.nan]))
    assert np.isnan(dx).tolist() == [True, False, True]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(rng, dtype):
    x = rng.normal(size=(3, 4)).astype(dtype)
    layer = Relu()
    assert layer.forward(x).dtype == dtype
    assert layer.backward(x).dtype == dtype


def test_nothing_given_changes_in_any_layout(rng):
    x, dout = rng.normal(size=(4, 6)), np.asfortranarray(rng.normal(size=(4, 6)))
    before = x.copy(), dout.copy()
    x.flags.writeable = dout.flags.writeable = False
    layer = Relu()
    layer.forward(x)
    dx = layer.backward(dout)
    assert not np.shares_memory(dx, dout)
    assert (x == before[0]).all()
    assert (dout == before[1]).all()
    assert dx.tolist() == np.where(x > 0, dout, 0).tolist()


def test_empty_and_stride_zero():
    layer = Relu()
    assert layer.forward(np.zeros((0, 3))).shape == layer.backward(np.zeros((0, 3))).shape == (0, 3)
    layer.forward(np.broadcast_to(1.0, (2, 2)))
    assert layer.backward(np.broadcast_to(3.0, (2, 2))).tolist() == [[3, 3], [3, 3]]


def test_errors():
    with pytest.raises(OrderError) as caught:
        Relu().backward(np.zeros(3))
    assert "forward(x)" in caught.value.text.zh
    layer = Relu()
    layer.forward(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"\(2, 3\).*\(6,\)"):
        layer.backward(np.zeros(6))
