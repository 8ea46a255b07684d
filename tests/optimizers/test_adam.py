from __future__ import annotations

import pytest
from support.messages import raises
from support.updating import assert_agrees_with_torch

from handgrad.errors import OptimizerError
from handgrad.optimizers import Adam

pytestmark = pytest.mark.usefixtures("engine")


def test_agrees_with_pytorch(rng):
    assert_agrees_with_torch(
        rng,
        lambda: Adam(learning_rate=0.1, beta1=0.8, beta2=0.99),
        lambda optim, parameters: optim.Adam(parameters, lr=0.1, betas=(0.8, 0.99)),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", -1),
        ("learning_rate", float("nan")),
        ("beta1", 1.0),
        ("beta2", -1.0),
        ("epsilon", 0),
    ],
)
def test_settings_outside_their_range(name, value):
    with raises(OptimizerError, name, str(value)):
        Adam(**{name: value})
