from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad import optimizers
from handgrad.errors import DtypeError, OptimizerError, ShapeError
from handgrad.optimizers import SGD, Adam, Optimizer

OURS = [
    kind
    for kind in map(optimizers.__dict__.get, optimizers.__all__)
    if issubclass(kind, Optimizer) and kind is not Optimizer
]

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("kind", OURS)
def test_every_rule_goes_down_a_bowl_and_leaves_the_gradient_alone(rng, kind):
    theta, optimizer = rng.normal(size=7), kind(learning_rate=0.05)
    before = float(theta @ theta)
    for _ in range(50):
        gradient = 2 * theta
        kept = gradient.copy()
        optimizer.update(theta, gradient)
        assert gradient.tolist() == kept.tolist()
    assert float(theta @ theta) < before


@pytest.mark.parametrize("kind", OURS)
def test_the_learning_rate_may_be_changed_between_steps(kind):
    once, twice = np.array([0.0]), np.array([0.0])
    for theta, rate in ((once, 0.1), (twice, 0.2)):
        optimizer = kind(learning_rate=5.0)
        optimizer.learning_rate = rate
        optimizer.update(theta, np.array([1.0]))
    assert twice[0] == pytest.approx(2 * once[0], rel=1e-6)


def test_one_that_remembers_serves_one_network_only(rng):
    optimizer = Adam(learning_rate=0.1)
    optimizer.update(rng.normal(size=3), np.ones(3))
    with raises(OptimizerError, "Adam", "3", "4"):
        optimizer.update(rng.normal(size=4), np.ones(4))
    with raises(OptimizerError, "float64", "float32"):
        optimizer.update(np.ones(3, np.float32), np.ones(3, np.float32))
    assert optimizer.steps == 1


def test_one_that_remembers_nothing_serves_many():
    optimizer = SGD(learning_rate=1.0)
    for size in (2, 3):
        theta = np.ones(size)
        optimizer.update(theta, np.ones(size))
        assert theta.tolist() == [0] * size


def test_a_gradient_that_does_not_fit():
    with raises(ShapeError, "(3,)", "(1,)"):
        SGD(learning_rate=1.0).update(np.ones(3), np.ones(1))
    with raises(DtypeError, "complex"):
        SGD(learning_rate=1.0).update(np.ones(1), np.ones(1, complex))


def test_strided_parameters_are_updated_too():
    wide = np.ones(6)
    SGD(learning_rate=1.0).update(wide[::2], np.ones(3))
    assert wide.tolist() == [0, 1, 0, 1, 0, 1]


def test_what_all_have_in_common_is_no_rule_itself():
    with pytest.raises(TypeError):
        Optimizer(0.1)
