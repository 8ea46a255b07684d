"""Two runs have the same description exactly if they compute the same."""

from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises
from support.training import classifier, regressor

from handgrad.errors import OptimizerError
from handgrad.optimizers import SGD, Adam, Clipped, Decayed
from handgrad.training.run_identity import (
    describe_array,
    describe_network,
    describe_optimizer,
    innermost_optimizer,
)


def test_a_network_is_its_layers_shapes_loss_and_dtype():
    assert describe_network(classifier()) == {
        "layers": [["FullyConnected", [6, 16], [16]], ["Relu"], ["FullyConnected", [16, 3], [3]]],
        "loss": "SoftmaxCrossEntropy",
        "dtype": "float64",
    }
    others = (classifier(np.float32), regressor())
    assert all(describe_network(other) != describe_network(classifier()) for other in others)


def test_an_optimizer_is_its_settings_and_those_inside_it_but_not_its_state(rng):
    def make():
        return Clipped(Decayed(Adam(0.1), 0.01), max_norm=1.0)

    used = make()
    used.update(rng.normal(size=4), rng.normal(size=4))
    assert describe_optimizer(used) == describe_optimizer(make())
    kinds = [settings["kind"] for settings in describe_optimizer(used)]
    assert kinds == ["Clipped", "Decayed", "Adam"]
    assert describe_optimizer(Adam(0.1)) != describe_optimizer(Adam(0.2))
    assert innermost_optimizer(used) is used.optimizer.optimizer


def test_an_optimizer_written_by_hand_has_no_description():
    class Own:
        def update(self, parameters, gradient):
            pass

    with raises(OptimizerError, "Own", "checkpoint"):
        describe_optimizer(Own())


@pytest.mark.parametrize("change", [lambda a: a[::-1], lambda a: a.reshape(2, 2), np.float32])
def test_an_array_is_its_numbers_shape_and_dtype(change):
    array = np.arange(4.0)
    assert describe_array(array) == describe_array(array.copy())
    assert describe_array(change(array)) != describe_array(array)


def test_a_description_of_sgd():
    assert describe_optimizer(SGD(0.5)) == [{"kind": "SGD", "learning_rate": 0.5}]


def test_an_update_rule_written_by_hand_holds_no_state_of_ours():
    class ByHand:
        def update(self, parameters, gradient):
            parameters -= gradient

    assert innermost_optimizer(ByHand()) is None
