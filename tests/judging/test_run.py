"""An answer that is asked again: in the same child, and as if for the first time."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION, answer

from handgrad.judging.preparation import prepare
from handgrad.judging.run import Run
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
def preparation(course):
    return prepare(course.level("fully-connected"), ["FullyConnected"], 1, Limits())


def few(preparation, limits=None):
    [prepared] = preparation.classes
    cases = [trial.case for trial in prepared.small[:3]]
    return preparation.only(prepared, cases, limits or Limits())


def test_the_module_is_run_afresh_and_the_cases_are_the_new_ones(child, preparation):
    run = Run(child, preparation, answer(COUNTING))
    number = child.process_id
    first = run.report.classes["FullyConnected"]
    again = run.ask_again(few(preparation))
    assert (first.printed, again.classes["FullyConnected"].printed) == ("run 1\n", "run 1\n")
    assert len(first.observations) == len(preparation.classes[0].cases)
    assert len(again.classes["FullyConnected"].observations) == 3
    assert run.goes_on
    assert child.process_id == number


def test_it_may_be_asked_many_times(child, preparation):
    run = Run(child, preparation, answer(SOLUTION))
    for _ in range(5):
        report = run.ask_again(few(preparation))
        assert report.ended.ending is Ending.FINISHED
        assert report.classes["FullyConnected"].is_complete


def test_each_job_has_a_deadline_of_its_own(child, preparation):
    slow = SOLUTION + "\nif len(seen) == 1:\n    while True: pass\n"
    source = "import sys\nseen = sys.modules.setdefault('seen', [])\nseen.append(1)\n"
    # The second time the module runs it does not end.
    run = Run(child, preparation, answer(source + slow.replace("== 1", "== 2")))
    assert run.goes_on
    report = run.ask_again(few(preparation, Limits(processor_seconds=0.2, wall_seconds=1.0)))
    assert report.ended.ending is Ending.TIME_LIMIT
    assert not run.goes_on


def test_one_that_ended_its_process_does_not_go_on(child, preparation):
    source = SOLUTION + "\nimport sys\nsys.modules['os']._exit(3)\n"
    run = Run(child, preparation, answer(source))
    assert not run.goes_on
