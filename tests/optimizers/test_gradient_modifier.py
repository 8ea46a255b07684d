"""What `Clipped` and `Decayed` have in common, on a modifier that doubles the gradient."""

from __future__ import annotations

import numpy as np
from support.messages import raises

from handgrad.errors import OptimizerError
from handgrad.optimizers import Modified, Momentum


class Doubled(Modified):
    def modified(self, parameters, gradient):
        return np.multiply(gradient, 2, out=self.room(gradient))


def test_the_optimizer_inside_takes_the_changed_gradient(rng):
    ours, theirs, gradient = rng.normal(size=(3, 5))
    theirs[:] = ours
    before = gradient.copy()
    doubled, plain = Doubled(Momentum(0.1)), Momentum(0.1)
    for _ in range(2):
        doubled.update(ours, gradient)
        plain.update(theirs, 2 * gradient)
    np.testing.assert_allclose(ours, theirs, rtol=1e-15)
    assert gradient.tolist() == before.tolist()
    assert (doubled.steps, len(doubled.state)) == (2, 1)


def test_the_learning_rate_is_that_of_the_innermost():
    doubled = Doubled(Doubled(Momentum(0.1)))
    doubled.learning_rate = 0.3
    assert doubled.optimizer.optimizer.learning_rate == doubled.learning_rate == 0.3


def test_room_is_kept_and_follows_shape_and_dtype():
    doubled = Doubled(Momentum(0.1))
    first = doubled.room(np.zeros(3))
    assert doubled.room(np.ones(3)) is first
    assert doubled.room(np.zeros(4)).shape == (4,)
    assert doubled.room(np.zeros(4, np.float32)).dtype == np.float32


def test_what_is_inside_is_an_optimizer():
    with raises(OptimizerError, "Doubled", "SGD(learning_rate=0.1)", "None"):
        Doubled(None)
