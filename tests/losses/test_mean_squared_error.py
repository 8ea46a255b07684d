from __future__ import annotations

import numpy as np
import pytest
from support.oracles import assert_gradient, torch_or_skip

from handgrad import MeanSquaredError
from handgrad.errors import OrderError, ShapeError


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        shape = tuple(rng.integers(1, 6, rng.integers(1, 4)))
        z, t = rng.normal(size=shape), rng.normal(size=shape)
        loss = MeanSquaredError()
        loss.forward(z, t)
        assert_gradient(lambda v, t=t: MeanSquaredError().forward(v, t), z, loss.backward(), rng)


def test_agrees_with_pytorch(rng):
    torch = torch_or_skip()
    z, t = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    loss = MeanSquaredError()
    value = loss.forward(z, t)
    tz = torch.tensor(z, requires_grad=True)
    theirs = torch.nn.functional.mse_loss(tz, torch.tensor(t))
    theirs.backward()
    assert abs(value - theirs.item()) <= 1e-12
    np.testing.assert_allclose(loss.backward(), tz.grad.numpy(), atol=1e-14)


def test_empty_nan_and_dtype():
    loss = MeanSquaredError()
    assert loss.forward(np.zeros((0, 2)), np.zeros((0, 2))) == 0.0
    assert loss.backward().shape == (0, 2)
    assert np.isnan(loss.forward(np.array([np.nan]), np.array([0.0])))
    loss.forward(np.zeros(3, np.float32), np.zeros(3))
    assert loss.backward().dtype == np.float32


def test_errors_and_no_broadcasting():
    with pytest.raises(ShapeError, match=r"\(2, 3\).*\(2, 1\)"):
        MeanSquaredError().forward(np.zeros((2, 3)), np.zeros((2, 1)))
    with pytest.raises(OrderError):
        MeanSquaredError().backward()
