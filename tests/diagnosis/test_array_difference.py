from __future__ import annotations

import numpy as np
import pytest

from handgrad.diagnosis.array_difference import compare, reproduces
from handgrad.diagnosis.case import Received


@pytest.mark.parametrize(
    ("received", "reason"),
    [
        (None, "missing"),
        (Received("missing", ""), "missing"),
        (Received("nothing", "NoneType"), "missing"),
        (Received("tuple", "tuple of 2"), "type"),
        (Received("object", "list"), "type"),
        (Received.of(np.zeros((1, 3))), "shape"),
        (Received.of(np.float64(0)), "shape"),
        (Received.of(np.zeros(3, int)), "dtype"),
        (Received.of(np.zeros(3, bool)), "dtype"),
        (Received.of(np.zeros(3, complex)), "dtype"),
        (Received.of(np.array([0, np.nan, 0])), "not-finite"),
        (Received.of(np.array([0, 0, -np.inf])), "not-finite"),
        (Received.of(np.array([0, 0, 1.1e-5])), "value"),
    ],
)
def test_the_checks_in_their_order(received, reason):
    difference = compare(received, np.zeros(3))
    assert difference.reason == reason
    assert difference.expected_shape == (3,)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_floats_of_every_size_pass_by_their_values(dtype):
    assert compare(Received.of(np.array([1.0, -0.5], dtype)), np.array([1.0, -0.5])) is None


def test_where_and_by_how_much(rng):
    expected = rng.normal(size=(4, 5))
    got = expected.copy()
    got[2, 3] += 0.5
    got[0, 1] -= 0.25
    difference = compare(Received.of(got), expected)
    assert difference.index == (2, 3)
    assert difference.error == pytest.approx(0.5)
    assert (difference.wrong_entries, difference.entries) == (2, 20)


def test_nan_never_passes_even_where_it_is_expected():
    assert compare(Received.of(np.array([np.nan])), np.array([np.nan])) is not None


def test_huge_numbers_have_a_finite_error():
    difference = compare(Received.of(np.array([1e308])), np.array([-1e308]))
    assert np.isfinite(difference.error)


def test_numbers_and_empty_arrays():
    assert compare(Received.of(np.float64(2.5)), 2.5) is None
    assert compare(Received.of(np.zeros((0, 3))), np.zeros((0, 3))) is None
    assert compare(Received.of(np.zeros((3, 0))), np.zeros((0, 3))).reason == "shape"


def test_an_array_of_a_billion_entries_is_told_by_its_shape():
    huge = np.broadcast_to(np.nan, (10**5, 10**4))
    assert compare(Received.of(huge), np.zeros(3)).reason == "shape"


def test_a_prediction_must_be_met_closely():
    predicted = np.array([3.0, 100.0])
    assert reproduces(Received.of(predicted + 5e-8), predicted)
    assert not reproduces(Received.of(predicted + 2e-7), predicted)
    assert reproduces(Received.of(predicted.astype(np.float32)), predicted)
    assert not reproduces(Received.of(predicted[:1]), predicted)
    assert reproduces(Received.of(np.array([np.inf, np.nan])), np.array([np.inf, np.nan]))
