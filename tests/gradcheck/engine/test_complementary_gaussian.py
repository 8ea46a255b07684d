"""Directions that make up for each other."""

from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine.complementary_gaussian import complementary


def test_each_is_gaussian_and_no_entry_is_small_in_both(rng):
    one = rng.standard_normal((500, 40))
    other = complementary(one, rng)
    assert other.shape == one.shape
    assert np.maximum(np.abs(one), np.abs(other)).min() > 0.6  # the median of |v| is 0.674
    for power, moment in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)):
        assert abs((other**power).mean() - moment) < 0.3, power


def test_they_are_uncorrelated(rng):
    one = rng.standard_normal(20_000)
    other = complementary(one, rng)
    assert abs((one * other).mean()) < 0.05


def test_of_few_and_of_none(rng):
    assert complementary(np.zeros(0), rng).shape == (0,)
    assert np.isfinite(complementary(np.ones(1), rng)).all()
