"""What counts as better."""

from __future__ import annotations

import pytest
from support.messages import raises

from handgrad.errors import SettingError
from handgrad.training import EarlyStopping, Epoch

BEFORE = Epoch(1, 1.0, 0.1, validation_loss=0.5, validation_accuracy=0.8)


@pytest.mark.parametrize(
    ("rule", "loss", "accuracy", "better"),
    [
        (EarlyStopping(), 0.49, 0.1, True),
        (EarlyStopping(), 0.5, 0.9, False),
        (EarlyStopping(min_change=0.02), 0.49, 0.9, False),
        (EarlyStopping(min_change=0.02), 0.47, 0.9, True),
        (EarlyStopping(monitor="accuracy"), 0.1, 0.8, False),
        (EarlyStopping(monitor="accuracy"), 0.9, 0.81, True),
        (EarlyStopping(monitor="accuracy", min_change=0.05), 0.1, 0.84, False),
    ],
)
def test_better(rule, loss, accuracy, better):
    now = Epoch(2, 1.0, 0.1, validation_loss=loss, validation_accuracy=accuracy)
    assert rule.is_better(now, BEFORE) is better
    assert rule.is_better(now, None)


@pytest.mark.parametrize("changes", [{"patience": 0}, {"min_change": -1}, {"monitor": "time"}])
def test_settings_outside_their_range(changes):
    with raises(SettingError, "patience", "monitor", str(next(iter(changes.values())))):
        EarlyStopping(**changes)


def test_what_is_not_there_cannot_be_looked_at():
    with raises(SettingError, "SoftmaxCrossEntropy"):
        EarlyStopping(monitor="accuracy").is_better(Epoch(2, 1.0, 0.1, 0.3), BEFORE)
