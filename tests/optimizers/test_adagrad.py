from __future__ import annotations

import pytest
from support.messages import raises
from support.updating import assert_agrees_with_torch

from handgrad.errors import OptimizerError
from handgrad.optimizers import AdaGrad

pytestmark = pytest.mark.usefixtures("engine")


def test_agrees_with_pytorch(rng):
    assert_agrees_with_torch(
        rng,
        lambda: AdaGrad(learning_rate=0.1),
        lambda optim, parameters: optim.Adagrad(parameters, lr=0.1),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", -1),
        ("learning_rate", float("nan")),
        ("epsilon", 0),
    ],
)
def test_settings_outside_their_range(name, value):
    with raises(OptimizerError, name, str(value)):
        AdaGrad(**{name: value})
