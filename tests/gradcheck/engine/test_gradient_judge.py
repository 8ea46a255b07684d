from __future__ import annotations

import numpy as np
import pytest

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.runs import Runs


def verdict(rng, backward, x, tolerance=0.0, forward=np.tanh):
    subject = FunctionUnderTest.of(Vjp(forward, backward), [x])
    judge = GradientJudge(Runs(subject), rng, tolerance=tolerance)
    judge.measure()
    return judge.verdict("x")


def slope(x):
    return 1 - np.tanh(x) ** 2


def test_an_error_is_wrong_unless_the_tolerance_covers_it(rng):
    x = rng.normal(size=int(rng.integers(10, 60)))
    assert verdict(rng, lambda d, x: d * slope(x), x).verdict == "right"
    report = verdict(rng, lambda d, x: 1.001 * d * slope(x), x)
    assert report.verdict == "wrong"
    assert report.error > report.bound
    assert verdict(rng, lambda d, x: 1.001 * d * slope(x), x, tolerance=0.1).verdict != "wrong"


def test_a_gradient_with_a_defect_is_not_measured(rng):
    x = rng.normal(size=int(rng.integers(2, 9)))
    report = verdict(rng, lambda d, x: (d * slope(x))[None], x)
    assert (report.verdict, report.method) == ("wrong", "none")
    report = verdict(rng, lambda d, x: np.abs(d) * slope(x), x)
    assert report.reason == sentences.NOT_LINEAR.format(name="dx")


@pytest.mark.parametrize("places", [1, 2])
def test_outputs_without_a_derivative_are_listed(rng, places):
    x = rng.uniform(1, 2, size=int(rng.integers(12, 30)))
    at = sorted(map(int, rng.choice(x.size, places, replace=False)))
    x[at] = 0.0
    report = verdict(rng, lambda d, x: d * np.sign(x), x, forward=np.abs)
    assert report.verdict == "cannot-tell"
    assert [index for _, index in report.undecided] == [(one,) for one in at]
