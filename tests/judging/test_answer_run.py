"""An answer that is asked again: in the same child, and as if for the first time."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION, answer

from handgrad.judging.answer_run import AnswerRun
from handgrad.judging.prepared_run import prepare_run
from handgrad.sandbox import Ending, Limits
from handgrad.sandbox.spawned_child import SpawnedChild
from handgrad.sandbox.zygote import IS_POSSIBLE, Zygote

COUNTING = SOLUTION + "\ncount = 0\ncount += 1\nprint('run', count)\n"


@pytest.fixture(scope="module")
def zygote():
    if not IS_POSSIBLE:
        pytest.skip("there is no zygote here")
    with Zygote() as started:
        yield started


@pytest.fixture(params=["spawned", "forked"])
def child(request):
    one = (
        SpawnedChild() if request.param == "spawned" else request.getfixturevalue("zygote").start()
    )
    yield one
    one.end()


@pytest.fixture
def prepared_run(course):
    return prepare_run(course.level("fully-connected"), ["FullyConnected"], 1, Limits())


def few(prepared_run, limits=None):
    [prepared] = prepared_run.classes
    cases = [trial.case for trial in prepared.small_trials[:3]]
    return prepared_run.with_cases(prepared, cases, limits or Limits())


def test_the_module_is_run_afresh_and_the_cases_are_the_new_ones(child, prepared_run):
    run = AnswerRun(child, prepared_run, answer(COUNTING))
    number = child.process_id
    first = run.report.classes["FullyConnected"]
    again = run.run_again(few(prepared_run))
    assert (first.printed, again.classes["FullyConnected"].printed) == ("run 1\n", "run 1\n")
    assert len(first.observations) == len(prepared_run.classes[0].cases)
    assert len(again.classes["FullyConnected"].observations) == 3
    assert run.can_run_again
    assert child.process_id == number


def test_it_may_be_asked_many_times(child, prepared_run):
    run = AnswerRun(child, prepared_run, answer(SOLUTION))
    for _ in range(5):
        report = run.run_again(few(prepared_run))
        assert report.ended.ending is Ending.FINISHED
        assert report.classes["FullyConnected"].is_complete


def test_each_job_has_a_deadline_of_its_own(child, prepared_run):
    slow = SOLUTION + "\nif len(seen) == 1:\n    while True: pass\n"
    source = "import sys\nseen = sys.modules.setdefault('seen', [])\nseen.append(1)\n"
    # The second time the module runs it does not end.
    run = AnswerRun(child, prepared_run, answer(source + slow.replace("== 1", "== 2")))
    assert run.can_run_again
    report = run.run_again(few(prepared_run, Limits(processor_seconds=0.2, wall_seconds=1.0)))
    assert report.ended.ending is Ending.TIME_LIMIT
    assert not run.can_run_again


def test_one_that_ended_its_process_does_not_go_on(child, prepared_run):
    source = SOLUTION + "\nimport sys\nsys.modules['os']._exit(3)\n"
    run = AnswerRun(child, prepared_run, answer(source))
    assert not run.can_run_again
