"""Follow-up runs give the same in the answer's own child and in a fresh one, within tighter limits."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from support.answers import SOLUTION, answer, replaced

from handgrad.judging.follow_up_runs import MOST_SECONDS, FollowUpRuns, SmallCaseRun
from handgrad.judging.prepared_run import prepare_run
from handgrad.judging.runner import Runner
from handgrad.sandbox import Ended, Ending, Limits, Pool


@pytest.fixture(scope="module")
def runner():
    with Pool(ahead=2) as pool:
        yield Runner(pool, Limits(processor_seconds=2.0))


@pytest.fixture(scope="module")
def prepared(course):
    return prepare_run(course.level("fully-connected"), ["FullyConnected"], 1, Limits())


@pytest.fixture
def started(runner, prepared):
    """Follow-up runs of an answer; its own child ended if so asked."""

    @contextlib.contextmanager
    def runs(given, *, own_child_ended=False):
        with runner.running(prepared, given) as first:
            if own_child_ended:
                first._child.end()
                first.report.ended = Ended(Ending.EXITED)
            yield FollowUpRuns(runner, first, given, prepared, prepared.classes[0])

    return runs


@pytest.mark.parametrize("own_child_ended", [False, True])
def test_other_cases_run_in_either_child(started, prepared, own_child_ended):
    cases = [trial.case for trial in prepared.classes[0].small_trials[:2]]
    with started(answer(SOLUTION), own_child_ended=own_child_ended) as runs:
        report, seen = runs.run(cases)
    assert report.ended.ending is Ending.FINISHED
    for case, observation in zip(cases, seen.observations, strict=True):
        assert np.array_equal(observation.values["db"].array, case.inputs["dout"].sum(axis=0))


@pytest.mark.parametrize("own_child_ended", [False, True])
def test_small_trials_come_in_any_order(started, prepared, own_child_ended):
    small = prepared.classes[0].small_trials
    with started(replaced("np.sum(dout, axis=0)", "dout"), own_child_ended=own_child_ended) as runs:
        run = SmallCaseRun(runs, [2, 0])
        for number in (0, 2):
            trial = run.trial(number)
            assert trial.case is small[number].case
            assert np.array_equal(trial.observed.values["db"].array, trial.case.inputs["dout"])


def test_a_small_trial_that_never_ran_is_none(started):
    source = SOLUTION.replace(
        "dx = np", "sys.modules['os']._exit(0) if dout.size < 9 else 0\n        dx = np"
    )
    with started(answer("import sys\n" + source)) as runs:
        run = SmallCaseRun(runs, [0, 1])
        assert [run.trial(number) for number in (0, 1)] == [None, None]


def test_a_follow_up_run_has_at_most_half_a_second(started):
    with started(answer(SOLUTION)) as runs:
        assert runs.limits().processor_seconds == MOST_SECONDS < 2.0
        assert runs.limits(0.1).processor_seconds == 0.1
        assert runs.limits(60).processor_seconds == 2.0
