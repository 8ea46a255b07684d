"""Optimizers by name: what is wrong with their settings is said once, by whoever knows."""

from __future__ import annotations

from support.messages import raises

from handgrad.errors import OptimizerError
from handgrad.training.naming import optimizer_named


def test_a_setting_out_of_range_is_not_called_unknown():
    with raises(OptimizerError, "learning_rate", "-1"):
        optimizer_named("adam", learning_rate=-1.0)
    try:
        optimizer_named("adam", learning_rate=-1.0)
    except OptimizerError as error:
        assert "no such setting" not in error.text.en


def test_an_unknown_setting_is_named_with_the_optimizer():
    with raises(OptimizerError, "SGD", "beta1"):
        optimizer_named("sgd", beta1=0.9)
