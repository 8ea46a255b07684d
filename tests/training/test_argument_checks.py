"""What `fit` is given, checked before the first step."""

from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises
from support.training import classifier, regressor

from handgrad import FullyConnected, Network, Relu, SoftmaxCrossEntropy
from handgrad.arrays import seeded
from handgrad.errors import DataError, LabelError, SettingError, ShapeError
from handgrad.training.argument_checks import (
    BLOCK,
    require_batch_size,
    require_finite,
    require_whole,
    samples_for,
    targets_of,
    width_of,
)


def test_samples_take_the_dtype_of_the_network_and_one_piece(rng):
    x = samples_for(classifier(np.float32), rng.normal(size=(6, 9)).T)
    assert (x.dtype, x.shape) == (np.float32, (9, 6))
    assert x.flags.c_contiguous


def test_samples_that_do_not_fit(rng):
    with raises(ShapeError, "(0, 6)"):
        samples_for(classifier(), np.zeros((0, 6)))
    with raises(ShapeError, "layers[0]", "(9, 5)"):
        samples_for(classifier(), rng.normal(size=(9, 5)))


def test_targets_in_each_form(rng):
    labels = targets_of(classifier(), [0, 2, 1], 3)
    assert labels.dtype == np.int64
    rows = targets_of(regressor(np.float32), rng.normal(size=(3, 2)), 3)
    assert rows.dtype == np.float32


def test_targets_that_do_not_fit(rng):
    with raises(ShapeError, "3", "(2,)"):
        targets_of(classifier(), [0, 1], 3)
    with raises(LabelError, "3"):
        targets_of(classifier(), [0, 3], 2)
    with raises(ShapeError, "(3, 2)", "(3, 4)"):
        targets_of(regressor(), rng.normal(size=(3, 4)), 3)


def test_the_width_is_known_where_all_layers_behind_the_last_product_are_ours():
    class Own(Relu):
        pass

    first = FullyConnected.create(4, 3, seeded(0))
    assert width_of(Network([first, Relu()], SoftmaxCrossEntropy())) == 3
    assert width_of(Network([first, Own()], SoftmaxCrossEntropy())) is None


def test_the_first_row_without_a_number_is_named(rng):
    x = rng.normal(size=(BLOCK + 9, 2))
    require_finite("x", x)
    x[[BLOCK + 3, BLOCK + 5], 1] = np.nan
    with raises(DataError, "x", str(BLOCK + 3), "2"):
        require_finite("x", x)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3", None])
def test_whole_numbers(value):
    with raises(SettingError, "epochs", repr(value)):
        require_whole("epochs", value, 1)
    assert require_whole("epochs", np.int64(2), 1) == 2


def test_a_batch_is_no_larger_than_the_data():
    assert require_batch_size(5, 5) == 5
    with raises(SettingError, "6", "5"):
        require_batch_size(6, 5)
