from __future__ import annotations

import numpy as np
import pytest
from support.planted import planted

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.wrong_entry_confirmation import with_wrong_entries


def judged(f, x, rng):
    judge = GradientJudge(Runs(FunctionUnderTest.of(f, [x])), rng)
    judge.measure()
    return judge, judge.verdict("x")


@pytest.mark.parametrize("kind", ["affine", "complex", "real"])
def test_wrong_entries_are_added_only_if_they_are_shown(rng, kind):
    size = int(rng.integers(20, 200))
    at = int(rng.integers(size))
    judge, report = judged(*planted(kind, rng, size, {at: 1.5}), rng)
    assert report.verdict == "wrong"
    shown = with_wrong_entries(judge, report)
    assert [entry.index for entry in shown.wrong_entries] == [(at,)]
    assert with_wrong_entries(judge, report, show=False) is report


def test_a_right_array_is_not_searched(rng):
    f = Vjp(np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2))
    judge, report = judged(f, rng.normal(size=int(rng.integers(3, 30))), rng)
    forwards = judge.runs.forwards
    assert with_wrong_entries(judge, report) is report
    assert judge.runs.forwards == forwards
