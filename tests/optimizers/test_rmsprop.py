from __future__ import annotations

import pytest
from support.messages import raises
from support.updating import assert_agrees_with_torch

from handgrad.errors import OptimizerError
from handgrad.optimizers import RMSprop

pytestmark = pytest.mark.usefixtures("engine")


def test_agrees_with_pytorch(rng):
    assert_agrees_with_torch(
        rng,
        lambda: RMSprop(learning_rate=0.1, decay=0.9),
        lambda optim, parameters: optim.RMSprop(parameters, lr=0.1, alpha=0.9),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", -1),
        ("learning_rate", float("nan")),
        ("decay", 1.5),
        ("epsilon", 0),
    ],
)
def test_settings_outside_their_range(name, value):
    with raises(OptimizerError, name, str(value)):
        RMSprop(**{name: value})
