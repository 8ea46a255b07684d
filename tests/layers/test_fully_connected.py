from __future__ import annotations

import numpy as np
import pytest
from support.oracles import assert_gradient, torch_or_skip

from handgrad import FullyConnected
from handgrad.errors import DtypeError, OrderError, ShapeError


def drawn(rng, *trailing):
    B, M = rng.integers(1, 7, 2)
    trailing = trailing or tuple(rng.integers(1, 6, rng.integers(1, 4)))
    N = int(np.prod(trailing))
    return (
        rng.normal(size=(B, *trailing)),
        rng.normal(size=(N, M)),
        rng.normal(size=M),
        rng.normal(size=(B, M)),
    )


def test_gradients_agree_with_numerical_differentiation(rng):
    for _ in range(5):
        x, W, b, dout = drawn(rng)
        layer = FullyConnected(W, b)
        layer.forward(x)
        dx = layer.backward(dout)

        def loss(x=x, W=W, b=b, dout=dout):
            return float(np.sum(FullyConnected(W, b).forward(x) * dout))

        assert_gradient(lambda v, f=loss: f(x=v), x, dx, rng)
        assert_gradient(lambda v, f=loss: f(W=v), W, layer.dW, rng)
        assert_gradient(lambda v, f=loss: f(b=v), b, layer.db, rng)


def test_agrees_with_pytorch(rng):
    torch = torch_or_skip()
    x, W, b, dout = drawn(rng)
    layer = FullyConnected(W, b)
    y = layer.forward(x)
    dx = layer.backward(dout)
    tx, tW, tb = (torch.tensor(v, requires_grad=True) for v in (x, W, b))
    ty = tx.flatten(1) @ tW + tb
    ty.backward(torch.tensor(dout))
    for ours, theirs in ((y, ty.detach()), (dx, tx.grad), (layer.dW, tW.grad), (layer.db, tb.grad)):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12, atol=1e-12)


def test_the_statement_s_example():
    layer = FullyConnected(np.array([[1.0, 0, -1], [2, 1, 0]]), np.array([0.5, -0.5, 1]))
    y = layer.forward(np.array([[1.0, 2], [3, 4]]))
    assert y.tolist() == [[5.5, 1.5, 0], [11.5, 3.5, -2]]
    assert layer.backward(np.array([[1.0, 0, 2], [0, 3, -1]])).tolist() == [[-1, 2], [1, 3]]
    assert layer.dW.tolist() == [[1, 9, -1], [2, 12, 0]]
    assert layer.db.tolist() == [1, 3, 1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(rng, dtype):
    x, W, b, dout = (v.astype(dtype) for v in drawn(rng))
    layer = FullyConnected(W, b)
    assert layer.forward(x).dtype == dtype
    assert layer.backward(dout).dtype == dtype
    assert layer.dW.dtype == layer.db.dtype == dtype


def test_keeps_the_flattened_input_and_its_shape(rng):
    x, W, b, _ = drawn(rng, 2, 3, 1)
    layer = FullyConnected(W, b)
    layer.forward(x)
    assert layer.original_x_shape == x.shape
    assert layer.x.shape == (len(x), 6)


def test_an_empty_batch(rng):
    layer = FullyConnected(rng.normal(size=(6, 4)), np.zeros(4))
    assert layer.forward(np.zeros((0, 2, 3))).shape == (0, 4)
    assert layer.backward(np.zeros((0, 4))).shape == (0, 2, 3)
    assert layer.dW.tolist() == np.zeros((6, 4)).tolist()
    assert layer.db.tolist() == [0] * 4


def test_arrays_of_every_layout_give_the_same(rng):
    x, W, b, dout = drawn(rng, 3, 2)
    plain = FullyConnected(W, b)
    y, dx = plain.forward(x), plain.backward(dout)
    wide = np.zeros((*dout.shape[:1], 2 * dout.shape[1]))
    wide[:, ::2] = dout
    layouts = [wide[:, ::2], np.asfortranarray(dout), dout[::-1].copy()[::-1]]
    for layout in layouts:
        layer = FullyConnected(np.asfortranarray(W), b)
        np.testing.assert_allclose(layer.forward(np.asfortranarray(x)), y, atol=1e-12)
        np.testing.assert_allclose(layer.backward(layout), dx, atol=1e-12)
        np.testing.assert_allclose(layer.dW, plain.dW, atol=1e-12)


def test_a_gradient_broadcast_without_memory(rng):
    x, W, b, dout = drawn(rng)
    constant = np.broadcast_to(np.float64(2.5), dout.shape)
    layer = FullyConnected(W, b)
    layer.forward(x)
    np.testing.assert_allclose(
        layer.backward(constant).ravel(), (2.5 * np.ones(dout.shape) @ W.T).ravel()
    )


def test_nothing_that_is_given_changes_and_read_only_arrays_work(rng):
    given = drawn(rng)
    copies = [v.copy() for v in given]
    for v in given:
        v.flags.writeable = False
    x, W, b, dout = given
    layer = FullyConnected(W, b)
    layer.forward(x)
    layer.backward(dout)
    for v, copy in zip(given, copies, strict=True):
        assert v.tobytes() == copy.tobytes()


def test_nan_passes_through():
    layer = FullyConnected(np.ones((2, 2)), np.zeros(2))
    y = layer.forward(np.array([[np.nan, 1.0], [1.0, 1.0]]))
    assert np.isnan(y[0]).all()
    assert not np.isnan(y[1]).any()
    dx = layer.backward(np.array([[1.0, 1.0], [np.nan, 1.0]]))
    assert np.isnan(dx[1]).all()
    assert np.isnan(layer.dW).any()


def test_results_are_not_overwritten_by_the_next_call(rng):
    x, W, b, dout = drawn(rng)
    layer = FullyConnected(W, b)
    y, dx = layer.forward(x), layer.backward(dout)
    kept = [v.copy() for v in (y, dx, layer.dW, layer.db)]
    held = [y, dx, layer.dW, layer.db]
    layer.forward(2 * x)
    layer.backward(3 * dout)
    for v, copy in zip(held, kept, strict=True):
        assert v.tobytes() == copy.tobytes()


def test_integers_become_float64():
    layer = FullyConnected(np.array([[1, 2]]), np.array([0, 0]))
    assert layer.forward(np.array([[3]])).dtype == np.float64


def test_errors_name_what_must_hold_and_what_came():
    with pytest.raises(ShapeError, match=r"W \(3, 2\) and b \(3,\)") as caught:
        FullyConnected(np.zeros((3, 2)), np.zeros(3))
    assert "(3, 2)" in caught.value.text.zh
    layer = FullyConnected(np.zeros((3, 2)), np.zeros(2))
    with pytest.raises(OrderError, match=r"forward\(x\)"):
        layer.backward(np.zeros((1, 2)))
    with pytest.raises(ShapeError, match=r"\(3, 2\).*\(5, 4\)"):
        layer.forward(np.zeros((5, 4)))
    layer.forward(np.zeros((5, 3)))
    with pytest.raises(ShapeError, match=r"\(5, 2\).*\(2, 5\)"):
        layer.backward(np.zeros((2, 5)))
    with pytest.raises(DtypeError, match="complex128"):
        layer.forward(np.zeros((5, 3), complex))


def test_create_draws_he_weights(rng):
    layer = FullyConnected.create(2000, 50, rng)
    assert layer.W.shape == (2000, 50)
    assert abs(layer.W.std() - np.sqrt(2 / 2000)) < 0.02 * np.sqrt(2 / 2000)
    assert not layer.b.any()
