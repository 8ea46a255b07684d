from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad import MeanSquaredError, SoftmaxCrossEntropy
from handgrad.errors import DivergenceError, ShapeError
from handgrad.network.batch import (
    is_finite,
    require_batch,
    require_optimizer,
    targets_for,
    tell_lost,
)
from handgrad.optimizers import SGD

FLOAT = np.dtype(np.float32)


@pytest.mark.parametrize("empty", [np.zeros((0, 3)), 1.0])
def test_a_batch_holds_a_sample(empty):
    with raises(ShapeError, str(np.shape(empty))):
        require_batch(empty)


def test_targets_are_laid_out_for_the_fused_losses():
    labels = targets_for(SoftmaxCrossEntropy(), [1, 0], (2, 3), FLOAT)
    assert labels.dtype == np.int64
    for loss in (SoftmaxCrossEntropy(), MeanSquaredError()):
        rows = targets_for(loss, np.ones((3, 2)).T, (2, 3), FLOAT)
        assert rows.dtype == FLOAT
        assert rows.flags.c_contiguous


def test_what_is_finite_depends_on_the_dtype():
    assert is_finite(1e39, np.dtype(np.float64))
    assert not is_finite(1e39, FLOAT)
    assert not is_finite(float("nan"), FLOAT)
    assert not is_finite(float("-inf"), FLOAT)


def test_an_optimizer_is_what_has_an_update():
    optimizer = SGD()
    assert require_optimizer(optimizer) is optimizer


def test_a_lost_loss_without_a_culprit_is_divergence():
    with raises(DivergenceError, "inf", "learning_rate"):
        tell_lost(np.zeros((2, 2)), np.zeros(2, int), float("inf"), [])
