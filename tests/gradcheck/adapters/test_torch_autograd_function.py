from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from handgrad import CheckError
from handgrad.gradcheck.adapters.torch_autograd_function import (
    gradients_of_function,
    is_rejected_gradient,
    unwrapped,
)


class Product(torch.autograd.Function):
    returned = staticmethod(lambda x, W, dout: (dout @ W.T, x.T @ dout))

    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return x @ W

    @staticmethod
    def backward(ctx, dout):
        return Product.returned(*ctx.saved_tensors, dout)


@pytest.fixture
def arrays(rng):
    n, k, m = map(int, rng.integers(2, 7, size=3))
    x, W = (torch.from_numpy(rng.normal(size=s)).requires_grad_() for s in ((n, k), (k, m)))
    return x, W, torch.from_numpy(rng.normal(size=(n, m)))


def test_every_name_of_a_function_means_the_function():
    assert unwrapped(Product) is Product
    assert unwrapped(Product.apply) is Product
    assert unwrapped(torch.sin) is torch.sin
    with pytest.raises(CheckError, match="module or a function"):
        unwrapped(3)


def test_backward_is_called_directly(arrays):
    x, W, dout = arrays
    found = gradients_of_function(Product, Product.apply(x, W), [dout], ["x", "W"])
    np.testing.assert_allclose(found["W"], x.detach().T @ dout)


@pytest.mark.parametrize(
    "returned", [lambda x, W, d: d, lambda x, W, d: (d, d, d), lambda x, W, d: (d, 3)]
)
def test_one_tensor_for_each_argument_is_required(arrays, monkeypatch, returned):
    x, W, dout = arrays
    monkeypatch.setattr(Product, "returned", staticmethod(returned))
    with pytest.raises(CheckError):
        gradients_of_function(Product, Product.apply(x, W), [dout], ["x", "W"])


def test_only_rejected_gradients_are_called_again():
    assert is_rejected_gradient(RuntimeError("returned an invalid gradient at index 0"))
    assert not is_rejected_gradient(RuntimeError("out of memory"))
