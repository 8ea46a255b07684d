"""Optimizers by name: what is wrong with their settings is said once, by whoever knows."""

from __future__ import annotations

import pytest
from support.messages import raises

from handgrad.errors import OptimizerError
from handgrad.training.registry import optimizer_named


def test_a_setting_out_of_range_is_not_called_unknown():
    with pytest.raises(OptimizerError) as caught:
        optimizer_named("adam", learning_rate=-1.0)
    assert "learning_rate" in caught.value.text.en
    assert "no such setting" not in caught.value.text.en
    assert "没有这样的设置" not in caught.value.text.zh


def test_an_unknown_setting_is_named_with_the_optimizer():
    with raises(OptimizerError, "SGD", "beta1"):
        optimizer_named("sgd", beta1=0.9)
