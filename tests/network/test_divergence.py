from __future__ import annotations

import numpy as np
from support.messages import raises

from handgrad import FullyConnected
from handgrad.errors import DataError, DivergenceError
from handgrad.network.divergence import is_finite, overflow_error, raise_for_loss
from handgrad.network.parameters import gather

FLOAT = np.dtype(np.float32)


def test_what_is_finite_depends_on_the_dtype():
    assert is_finite(1e39, np.dtype(np.float64))
    assert not is_finite(1e39, FLOAT)
    assert not is_finite(float("nan"), FLOAT)
    assert not is_finite(float("-inf"), FLOAT)


def test_finite_data_and_parameters_mean_divergence():
    with raises(DivergenceError, "inf", "learning_rate"):
        raise_for_loss(np.zeros((2, 2)), np.zeros(2, int), float("inf"), [])


def test_a_row_of_the_data_is_named():
    x, t = np.zeros((4, 2)), np.zeros(4)
    x[2, 1] = np.inf
    with raises(DataError, "x", "2"):
        raise_for_loss(x, t, float("nan"), [])
    t[3] = np.nan
    with raises(DataError, "t", "3"):
        raise_for_loss(np.zeros((4, 2)), t, float("nan"), [])


def test_a_parameter_that_was_lost_before_is_named():
    layer = FullyConnected(np.ones((2, 2)), np.array([1.0, np.nan]))
    with raises(DivergenceError, "layers[0].b"):
        raise_for_loss(np.zeros((1, 2)), np.zeros(1), float("nan"), gather([layer])[1])


def test_an_update_that_overflows_names_the_loss():
    assert "1e+30" in overflow_error(1e30).text.en
