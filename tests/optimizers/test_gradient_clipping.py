"""Gradient clipping beside PyTorch's, and inside of a network's training step."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.messages import raises
from support.networks import network_of
from support.oracles import torch_or_skip

from handgrad.errors import DivergenceError, OptimizerError
from handgrad.optimizers import SGD, Adam, Clipped, Decayed
from handgrad.optimizers.gradient_clipping import norm_of

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("scale", [1e-3, 1.0, 50.0])
@pytest.mark.parametrize("kind", ["norm", "value"])
def test_agrees_with_pytorch(rng, scale, kind):
    torch = torch_or_skip()
    g = rng.normal(size=37) * scale
    theta = rng.normal(size=37)
    p = torch.nn.Parameter(torch.tensor(theta))
    p.grad = torch.tensor(g)
    if kind == "norm":
        torch.nn.utils.clip_grad_norm_([p], 0.7)
    else:
        torch.nn.utils.clip_grad_value_([p], 0.7)
    torch.optim.SGD([p], lr=0.1).step()
    Clipped(SGD(learning_rate=0.1), **{f"max_{kind}": 0.7}).update(theta, g)
    np.testing.assert_allclose(theta, p.detach().numpy(), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_in_a_training_step_only_the_update_is_clipped(rng, dtype):
    sizes = [6, 5, 4]
    clipped, free = network_of(sizes, dtype=dtype), network_of(sizes, dtype=dtype)
    x, t = (10 * rng.normal(size=(9, 6))).astype(dtype), rng.integers(4, size=9)
    before = free.parameters.copy()
    assert clipped.train_step(x, t, Clipped(SGD(1.0), max_norm=0.25)) == pytest.approx(
        free.train_step(x, t, SGD(1.0)), rel=1e-6
    )
    np.testing.assert_array_equal(clipped.gradients, free.gradients)
    assert norm_of(free.gradients) > 0.25
    assert norm_of(clipped.parameters - before) == pytest.approx(0.25, rel=1e-4)


def test_a_short_gradient_is_left_exactly_as_it_is(rng):
    g, a = rng.normal(size=11), rng.normal(size=11)
    b = a.copy()
    Clipped(Adam(0.1), max_norm=1e3).update(a, g)
    Adam(0.1).update(b, g)
    np.testing.assert_array_equal(a, b)


def test_one_inside_the_other(rng):
    g, theta = rng.normal(size=11), rng.normal(size=11)
    expected = theta - 0.1 * np.clip(g + 0.5 * theta, -0.2, 0.2)
    optimizer = Decayed(Clipped(SGD(0.1), max_value=0.2), weight_decay=0.5)
    optimizer.update(theta, g)
    np.testing.assert_allclose(theta, expected, rtol=1e-12)
    optimizer.learning_rate = 0.3
    assert optimizer.optimizer.optimizer.learning_rate == 0.3


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_the_norm_neither_overflows_nor_vanishes(rng, size):
    g = (rng.normal(size=50) * size).astype(np.float32)
    expected = math.sqrt(float(np.sum(g.astype(np.float64) ** 2)))
    assert norm_of(g) == pytest.approx(expected, rel=1e-5)
    assert norm_of(np.zeros(3)) == 0
    assert norm_of(np.zeros(0)) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_updates_nothing(bad):
    theta = np.array([1.0, 2.0])
    with raises(DivergenceError, "learning_rate"):
        Clipped(SGD(0.1), max_norm=1.0).update(theta, np.array([1.0, bad]))
    assert theta.tolist() == [1.0, 2.0]


def test_settings_outside_their_range():
    with raises(OptimizerError, "max_norm", "max_value"):
        Clipped(SGD(0.1))
    with raises(OptimizerError, "max_norm", "-1"):
        Clipped(SGD(0.1), max_norm=-1)
    with raises(OptimizerError, "max_value", "0"):
        Clipped(SGD(0.1), max_value=0)
    with raises(OptimizerError, "Clipped", "'adam'"):
        Clipped("adam", max_norm=1)
