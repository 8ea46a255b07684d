"""A layer written by hand that fails inside a training step is named, with what it was given."""

from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad import FullyConnected, Network, Relu, SoftmaxCrossEntropy
from handgrad.errors import ShapeError
from handgrad.optimizers import SGD

pytestmark = pytest.mark.usefixtures("engine")


class ByHand:
    """As a learner writes it; what it does wrong is said by its arguments."""

    parameter_names = ("W", "b")

    def __init__(self, d_in, d_out, *, axis=0, dx=True, db=True):
        self.W, self.b = np.ones((d_in, d_out)), np.zeros(d_out)
        self.axis, self.gives_dx, self.sets_db = axis, dx, db

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        if self.sets_db:
            self.db = dout.sum(axis=self.axis)
        return dout @ self.W.T if self.gives_dx else None


def step(rng, *layers):
    x = rng.normal(size=(6, 4))
    Network(list(layers), SoftmaxCrossEntropy()).train_step(x, np.zeros(6, int), SGD())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_error_of_its_own_is_kept_with_a_note_of_both_layers(rng, language, monkeypatch):
    monkeypatch.setenv("HANDGRAD_LANG", language)
    with pytest.raises(ValueError, match="matmul") as caught:
        step(rng, ByHand(4, 5), Relu(), ByHand(7, 3))
    [note] = caught.value.__notes__
    for word in ("ByHand (layers[2])", "forward", "(6, 5)", "Relu (layers[1])"):
        assert word in note
    with pytest.raises(ValueError, match="matmul") as caught:
        step(rng, ByHand(3, 5))
    assert "ByHand (layers[0])" in caught.value.__notes__[0]


def test_a_gradient_of_another_shape_or_none_is_not_taken(rng):
    with raises(ShapeError, "ByHand (layers[0])", "b", "(3,)", "(6,)", "self.db"):
        step(rng, ByHand(4, 3, axis=1))
    with raises(ShapeError, "ByHand (layers[0])", "self.db", "None"):
        step(rng, ByHand(4, 3, db=False))


def test_a_scalar_is_not_spread_over_the_gradient(rng):
    with raises(ShapeError, "self.db", "()"):
        step(rng, ByHand(4, 3, axis=None))


def test_dx_is_asked_for_behind_the_first_layer_only(rng):
    step(rng, ByHand(4, 3, dx=False))
    with raises(ShapeError, "ByHand (layers[1])", "dx", "(6, 5)", "None"):
        step(rng, FullyConnected.create(4, 5, rng), ByHand(5, 3, dx=False))
