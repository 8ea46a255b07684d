from __future__ import annotations

import pytest
from support.messages import raises
from support.updating import assert_agrees_with_torch

from handgrad.errors import OptimizerError
from handgrad.optimizers import AdamW

pytestmark = pytest.mark.usefixtures("engine")


def test_agrees_with_pytorch(rng):
    assert_agrees_with_torch(
        rng,
        lambda: AdamW(learning_rate=0.1, weight_decay=0.2),
        lambda optim, parameters: optim.AdamW(parameters, lr=0.1, weight_decay=0.2),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", -1),
        ("learning_rate", float("nan")),
        ("weight_decay", -0.1),
    ],
)
def test_settings_outside_their_range(name, value):
    with raises(OptimizerError, name, str(value)):
        AdamW(**{name: value})
