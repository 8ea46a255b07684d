"""Weight decay through the gradient beside PyTorch's."""

from __future__ import annotations

import pytest
from support.messages import raises
from support.networks import network_of
from support.updating import assert_agrees_with_torch

from handgrad.errors import OptimizerError
from handgrad.optimizers import SGD, Adam, Decayed

pytestmark = pytest.mark.usefixtures("engine")


def test_agrees_with_pytorch(rng):
    assert_agrees_with_torch(
        rng,
        lambda: Decayed(Adam(learning_rate=0.1), weight_decay=0.3),
        lambda optim, parameters: optim.Adam(parameters, lr=0.1, weight_decay=0.3),
    )


def test_the_network_s_loss_and_gradients_are_without_the_penalty(rng):
    x, t = rng.normal(size=(9, 6)), rng.integers(4, size=9)
    a, b = network_of([6, 5, 4]), network_of([6, 5, 4])
    before = a.parameters.copy()
    assert a.train_step(x, t, Decayed(SGD(0.1), 0.5)) == b.train_step(x, t, SGD(0.1))
    assert a.gradients == pytest.approx(b.gradients)
    assert a.parameters == pytest.approx(before - 0.1 * (a.gradients + 0.5 * before))


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_settings_outside_their_range(value):
    with raises(OptimizerError, "weight_decay", str(value)):
        Decayed(SGD(0.1), value)
