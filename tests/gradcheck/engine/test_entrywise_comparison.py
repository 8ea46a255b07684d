from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.entrywise_comparison import compared_entrywise, entry_tolerance


def compared(given, exact, tolerance, saturated=0.0):
    why = sentences.NOT_AS_REFERENCE
    return compared_entrywise("x", "dx", given, exact, tolerance, why, saturated)


def test_only_errors_beyond_the_tolerance_are_wrong_and_the_largest_is_first(rng):
    exact = rng.normal(size=(4, 5))
    tolerance = np.full(exact.shape, 1e-3)
    assert compared(exact + 0.9e-3, exact, tolerance).verdict == "right"
    given = exact.copy()
    given[1, 2] += 2e-3
    given[3, 4] -= 5e-3
    report = compared(given, exact, tolerance)
    assert report.verdict == "wrong"
    assert report.wrong_count == 2
    assert [entry.index for entry in report.wrong_entries] == [(3, 4), (1, 2)]


def test_what_saturation_explains_cannot_be_told(rng):
    exact = rng.normal(size=6)
    given = exact.copy()
    given[0] += 2e-3
    report = compared(given, exact, np.full(6, 1e-3), saturated=2e-3)
    assert (report.verdict, report.reason) == ("cannot-tell", sentences.SATURATED)


def test_a_tolerance_as_large_as_the_gradient_cannot_tell(rng):
    exact = rng.normal(size=6)
    assert compared(exact, exact, np.full(6, 10.0)).verdict == "cannot-tell"


def test_more_samples_of_rounding_make_the_tolerance_smaller(rng):
    exact, rounding = rng.normal(size=3), np.full(3, 1e-6)
    one, many = (entry_tolerance(exact, rounding, 1e-7, samples) for samples in (1, 100))
    assert (many < one).all()
