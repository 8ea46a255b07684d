"""An answer runs once, and once more when the sandbox fails; no child is left behind."""

from __future__ import annotations

import pytest
from support.answers import SOLUTION, answer

from handgrad.errors import SandboxError
from handgrad.judging.prepared_run import prepare_run
from handgrad.judging.runner import Runner
from handgrad.languages import Text
from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.isolation import ONLY_A_PROCESS

NO_CHILD = Text(zh="没有", en="none")


class ScriptedChild:
    """A child that ends as it is told."""

    def __init__(self, ending):
        self.ending, self.is_ended = ending, False

    def ask(self, job, limits):
        yield Ended(self.ending, "boom")

    def end(self):
        self.is_ended = True


class ScriptedPool:
    """A pool whose children end in turn as listed; None stands for one that cannot be started."""

    isolation = ONLY_A_PROCESS

    def __init__(self, *endings):
        self.endings, self.taken, self.refills = list(endings), [], 0

    def take(self):
        ending = self.endings.pop(0)
        if ending is None:
            raise SandboxError(NO_CHILD)
        self.taken.append(ScriptedChild(ending))
        return self.taken[-1]

    def refill(self):
        self.refills += 1


@pytest.fixture(scope="module")
def prepared(course):
    return prepare_run(course.level("fully-connected"), ["FullyConnected"], 1, Limits())


def endings_of(pool, prepared, **options):
    with Runner(pool, Limits(), **options).running(prepared, answer(SOLUTION)) as run:
        assert not pool.taken[-1].is_ended
        return run.report.ended.ending


def test_an_answer_that_ends_its_process_is_not_run_again(prepared):
    pool = ScriptedPool(Ending.EXITED, Ending.FINISHED)
    assert endings_of(pool, prepared) is Ending.EXITED
    assert [child.is_ended for child in pool.taken] == [True]
    assert pool.refills == 1


@pytest.mark.parametrize("first", [Ending.FAULT, None])
def test_a_sandbox_that_fails_gets_one_more_child(prepared, first):
    pool = ScriptedPool(first, Ending.FINISHED)
    assert endings_of(pool, prepared) is Ending.FINISHED
    assert all(child.is_ended for child in pool.taken)


def test_a_sandbox_that_fails_twice_is_an_error(prepared):
    pool = ScriptedPool(Ending.FAULT, Ending.FAULT, Ending.FINISHED)
    with pytest.raises(SandboxError, match="boom"):
        endings_of(pool, prepared)
    assert [child.is_ended for child in pool.taken] == [True, True]


def test_children_are_refilled_only_on_request_if_so_configured(prepared):
    pool = ScriptedPool(Ending.FINISHED)
    endings_of(pool, prepared, refills=False)
    assert pool.refills == 0


def test_below_the_minimum_isolation_nothing_runs(prepared):
    pool = ScriptedPool(Ending.FINISHED)
    with pytest.raises(SandboxError, match="level 3"):
        endings_of(pool, prepared, minimum_isolation=3)
    assert pool.taken == []
