"""Networks by their sizes."""

from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad import Sigmoid
from handgrad.errors import SettingError
from handgrad.layers.initialization import INITIALIZERS
from handgrad.training import multilayer
from handgrad.training.registry import OPTIMIZERS, named, optimizer_named


def test_sizes_activation_weights_and_seed():
    net = multilayer(
        "7-5-4-3", activation="sigmoid", weights="lecun-normal", seed=2, dtype="float64"
    )
    assert [layer.W.shape for layer in net.layers[::2]] == [(7, 5), (5, 4), (4, 3)]
    assert all(type(layer) is Sigmoid for layer in net.layers[1::2])
    again = multilayer(
        [7, 5, 4, 3], activation="sigmoid", weights="lecun-normal", seed=2, dtype=float
    )
    np.testing.assert_array_equal(net.parameters, again.parameters)
    assert (multilayer("7-5-4-3", seed=1).parameters != multilayer("7-5-4-3").parameters).any()
    for name in INITIALIZERS:
        assert multilayer("7-3", weights=name).parameters.dtype == np.float32


@pytest.mark.parametrize(
    "sizes", ["784", "", "7-0-3", "7--3", "7-x-3", [7], [7, -1], "7-3-", "9999999-3"]
)
def test_sizes_that_are_none(sizes):
    with raises(SettingError, "784-800-10", repr(sizes)):
        multilayer(sizes)


def test_names_that_are_not_known():
    with raises(SettingError, "activation", "'swish'", "relu", "sigmoid"):
        multilayer("7-3", activation="swish")
    with raises(SettingError, "weights", "'zeros'", "he-normal"):
        multilayer("7-3", weights="zeros")
    with raises(SettingError, "schedule", "'x'"):
        named("schedule", "x", {"y": 1})


def test_every_optimizer_by_name():
    for name, kind in OPTIMIZERS.items():
        assert type(optimizer_named(name, learning_rate=0.5)) is kind
    assert optimizer_named("NESTEROV", momentum=0.5).momentum == 0.5
