"""Equal numbers: what is chosen among them depends on the direction, and any choice may be right."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad import Vjp, check


def sorted_back(dout, x):
    dx = np.empty_like(x)
    np.put_along_axis(dx, np.argsort(x, -1, kind="stable"), dout, -1)
    return dx


def median_back(dout, x):
    dx = np.zeros_like(x)
    middle = np.argsort(x, -1, kind="stable")[..., x.shape[-1] // 2]
    np.put_along_axis(dx, middle[..., None], dout[..., None], -1)
    return dx


SORT = Vjp(lambda x: np.sort(x, -1), sorted_back)
MEDIAN = Vjp(lambda x: np.median(x, -1), median_back)


@pytest.mark.parametrize("f", [SORT, MEDIAN], ids=["sort", "median"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_three_equal_numbers_cannot_be_told(rng, f, dtype):
    x = rng.normal(size=(3, 9)).astype(dtype)
    x[:, 2] = x[:, 5] = x[:, 8] = np.median(x)
    report = check(f, x, seed=int(rng.integers(2**31)))
    assert report.verdict != "wrong", report.text("en")


@pytest.mark.parametrize("f", [SORT, MEDIAN], ids=["sort", "median"])
def test_many_equal_numbers_cannot_be_told(rng, f):
    x = rng.integers(-1, 2, size=(3, 7)).astype(float)
    report = check(f, x, seed=int(rng.integers(2**31)))
    assert report.verdict == "cannot-tell", report.text("en")


def test_a_mistake_beside_ties_is_wrong(rng):
    x = rng.normal(size=(3, 9))
    x[0, 2] = x[0, 5] = x[0, 8] = np.median(x[0])
    halved = Vjp(lambda x: np.sort(x, -1), lambda dout, x: sorted_back(dout, x) / 2)
    report = check(halved, x, seed=int(rng.integers(2**31)))
    assert report.verdict == "wrong"


def test_numbers_that_differ_are_told(rng):
    for f in (SORT, MEDIAN):
        report = check(f, rng.normal(size=(3, 9)), seed=int(rng.integers(2**31)))
        assert report.verdict == "right", report.text("en")
