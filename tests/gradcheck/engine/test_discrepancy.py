from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine.discrepancy import RoundingEstimate, discrepancy, rounding_of
from handgrad.gradcheck.engine.slopes import Slope

EPSILON = 2.0**-52


def measured(jacobian, v, rounding=0.0, truncation=0.0):
    values = jacobian @ v
    ones, no = np.ones(len(values)), np.zeros(len(values), dtype=bool)
    return Slope("affine", values, v, rounding * ones, 0 * ones, truncation * ones, no, no, no)


def compared(rng, error=0.0, rounding=0.0, truncation=0.0, rows=50):
    jacobian, v, u = rng.normal(size=(rows, 20)), rng.normal(size=20), rng.normal(size=rows)
    gradient = jacobian.T @ u
    gradient[3] += error
    estimate = RoundingEstimate(1.0, np.zeros(20), EPSILON)
    return discrepancy(measured(jacobian, v, rounding, truncation), u, gradient, estimate), v


def test_two_equal_sides_are_equal_to_rounding(rng):
    for _ in range(200):
        seen, _ = compared(rng)
        assert not seen.is_wrong


def test_an_error_shows_times_its_component_of_the_direction(rng):
    seen, v = compared(rng, error=1e-6)
    assert seen.is_wrong
    scale = np.sqrt((v**2).mean())
    assert abs(seen.error + 1e-6 * v[3] / scale) < 1e-12


def test_what_rounding_and_truncation_explain_is_not_wrong(rng):
    assert not compared(rng, error=1e-6, rounding=1e-6)[0].is_wrong
    assert not compared(rng, error=1e-6, truncation=1e-6)[0].is_wrong


def test_rounding_is_measured_and_few_outputs_are_granted_more(rng):
    base = rng.normal(size=10_000)
    again = base * (1 + 10 * EPSILON)
    assert 4 < rounding_of(base, again, EPSILON) < 6
    assert rounding_of(base[:1], again[:1], EPSILON) > 30
    assert rounding_of(base, base, EPSILON) > 0  # no sample is proof of none
