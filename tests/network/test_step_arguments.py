from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad import MeanSquaredError, SoftmaxCrossEntropy
from handgrad.errors import OptimizerError, ShapeError
from handgrad.network.step_arguments import (
    require_batch,
    require_optimizer,
    takes_class_numbers,
    targets_for,
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


def test_an_optimizer_is_what_has_an_update():
    optimizer = SGD()
    assert require_optimizer(optimizer) is optimizer
    for other in (None, SGD, "sgd", object()):
        with raises(OptimizerError, "SGD(learning_rate=0.1)", repr(other)[:20]):
            require_optimizer(other)


def test_our_losses_say_whether_they_take_class_numbers():
    class Own(SoftmaxCrossEntropy):
        pass

    losses = (SoftmaxCrossEntropy(), Own(), MeanSquaredError(), object())
    assert [takes_class_numbers(loss) for loss in losses] == [True, True, False, False]
