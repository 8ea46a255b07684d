"""Every ending of a child and every problem with a file has its verdict and its kind."""

from __future__ import annotations

import pytest

from handgrad.diagnosis.case import Raised
from handgrad.judging.failure_verdicts import (
    PROBLEM_KINDS,
    import_error_message,
    verdict_of_ending,
    verdict_of_problem,
)
from handgrad.judging.run_report import LoadProblem
from handgrad.languages import Text
from handgrad.sandbox import Ended, Ending, Limits

LIMITS = Limits(processor_seconds=1.5, wall_seconds=7.0, memory_bytes=64 * 2**20)
ENDINGS = {
    Ending.FINISHED: ("error", "exited", "Relu"),
    Ending.TIME_LIMIT: ("time-limit", None, "1.5"),
    Ending.MEMORY_LIMIT: ("memory-limit", None, "64"),
    Ending.OUTPUT_LIMIT: ("output-limit", None, "64"),
    Ending.EXITED: ("error", "exited", "Relu"),
    Ending.BROKEN_PROTOCOL: ("forbidden", None, "channel"),
    Ending.FAULT: ("judge-error", None, "boom"),
}


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_has_its_verdict(ending):
    detail = "boom" if ending is Ending.FAULT else "processor"
    found = verdict_of_ending(Ended(ending, detail), "Relu", LIMITS)
    verdict, kind, words = ENDINGS[ending]
    assert (found.verdict, found.kind) == (verdict, kind)
    assert words in found.message.en


def test_the_message_says_which_time_ran_out():
    found = verdict_of_ending(Ended(Ending.TIME_LIMIT, "wall"), "Relu", LIMITS)
    assert "7" in found.message.en
    assert "1.5" not in found.message.en


def problem(kind="exception", **raised):
    fields = {"in_answer": True} | raised
    return LoadProblem(
        kind, 3, 1, {}, Raised("ValueError", "no", 3, 1, **fields) if raised else None
    )


@pytest.mark.parametrize(
    ("raised", "verdict", "kind"),
    [
        ({"refused": True}, "forbidden", None),
        ({"out_of_memory": True}, "memory-limit", None),
        ({"is_import_error": True, "import_name": "torch"}, "error", "import-error"),
        ({"ended_process": True}, "error", "exited"),
        ({"in_answer": True}, "error", "exception"),
    ],
)
def test_an_exception_has_its_verdict(raised, verdict, kind):
    found = verdict_of_problem(problem(**raised), "Relu")
    assert (found.verdict, found.kind) == (verdict, kind)


def test_a_kind_that_no_child_of_ours_sends_is_forbidden():
    assert "unanswered" in PROBLEM_KINDS
    assert verdict_of_problem(problem("unanswered"), "Relu").kind == "unanswered"
    assert verdict_of_problem(problem("pass"), "Relu").verdict == "forbidden"


def test_a_missing_module_is_answered_with_those_that_exist():
    otherwise = Text(zh="别的", en="otherwise")

    def message(name):
        raised = Raised("ImportError", "", 1, 1, True, is_import_error=True, import_name=name)
        return import_error_message(raised, otherwise)

    assert "numpy" in message("torch").en
    assert message("numpy.nothing") == otherwise
    assert message(None) == otherwise
