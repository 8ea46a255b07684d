from __future__ import annotations

import pytest
from support.messages import raises
from support.updating import assert_agrees_with_torch

from handgrad.errors import OptimizerError
from handgrad.optimizers import SGD

pytestmark = pytest.mark.usefixtures("engine")


def test_agrees_with_pytorch(rng):
    assert_agrees_with_torch(
        rng,
        lambda: SGD(learning_rate=0.1),
        lambda optim, parameters: optim.SGD(parameters, lr=0.1),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", -1),
        ("learning_rate", float("nan")),
        ("learning_rate", float("inf")),
    ],
)
def test_settings_outside_their_range(name, value):
    with raises(OptimizerError, name, str(value)):
        SGD(**{name: value})
