from __future__ import annotations

import warnings

import numpy as np
import pytest

from handgrad import Vjp
from handgrad.gradcheck.adapters.adapter_selection import subject_of
from handgrad.gradcheck.conditions.baseline_run import BaselineRun, CodeRaised, run_at


def test_the_array_with_the_largest_difference_is_named(rng):
    f = Vjp(lambda x, y: x * y, lambda dout, x, y: (dout * y, dout * x))
    n = int(rng.integers(3, 9))
    subject = subject_of(f, [rng.normal(size=n), rng.normal(size=n)])
    baseline = BaselineRun.of(subject, rng)
    same = (baseline.outputs, baseline.gradients)
    assert baseline.disagreement(same, same) is None
    wrong = {**baseline.gradients, "y": 2 * baseline.gradients["y"]}
    name, error = baseline.disagreement((baseline.outputs, wrong), same)
    assert name == "dy"
    assert error == pytest.approx(1.0)
    assert baseline.disagreement(((baseline.outputs[0] + 1,), wrong), same)[0] == "y"


@pytest.mark.parametrize("in_forward", [True, False])
def test_what_raises_is_said(rng, in_forward):
    def raises(*arguments):
        raise ValueError("assignment destination is read-only")

    f = Vjp(raises, np.multiply) if in_forward else Vjp(np.tanh, raises)
    subject = subject_of(f, [rng.normal(size=3)])
    with pytest.raises(CodeRaised) as caught:
        run_at(subject, subject.point, (np.ones(3),))
    assert caught.value.in_forward == in_forward
    assert caught.value.is_read_only


def test_warnings_of_the_code_are_suppressed(rng):
    subject = subject_of(Vjp(np.log, lambda dout, x: dout / x), [rng.uniform(1, 2, size=3)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_at(subject, {"x": np.zeros(3)}, (np.ones(3),))
