"""Verdicts without a trial: an answer that could not be loaded, or whose process did not finish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from handgrad.diagnosis.case import Raised
from handgrad.diagnosis.text import aborted_runs, load_errors
from handgrad.diagnosis.text.exception_text import exception_text
from handgrad.diagnosis.verdict_names import ErrorKind, VerdictName
from handgrad.judging.run_report import LoadProblem
from handgrad.languages import Text
from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.child.answer.imports import IMPORTABLE
from handgrad.sandbox.limits import exceeded_limit

FORGED = Text(
    zh="{name} 干扰了评测进程与外界的通信。请只用 NumPy 计算。",
    en="{name} interfered with the judge's own channel. Compute with NumPy only.",
)
PROBLEM_KINDS: tuple[ErrorKind, ...] = (
    "syntax-error",
    "encoding-error",
    "missing-class",
    "missing-method",
    "bad-signature",
    "unanswered",
)
"""The kinds of problem, other than exceptions, that a child reports."""


@dataclass(frozen=True)
class FailureVerdict:
    """A verdict that no case decides, with its kind and its message."""

    verdict: VerdictName
    kind: ErrorKind | None
    message: Text


def verdict_of_ending(ended: Ended, class_name: str, limits: Limits) -> FailureVerdict:
    """The verdict of a class before whose end its process ended."""
    match ended.ending:
        case Ending.TIME_LIMIT | Ending.MEMORY_LIMIT | Ending.OUTPUT_LIMIT:
            verdict = ended.ending.value
            limit = exceeded_limit(verdict, ended.detail)
            return FailureVerdict(verdict, None, limit.message_for(class_name, limits))
        case Ending.BROKEN_PROTOCOL:
            return FailureVerdict("forbidden", None, FORGED.format(name=class_name))
        case Ending.EXITED | Ending.FINISHED:
            text = aborted_runs.exited_text(class_name, ended.detail)
            return FailureVerdict("error", "exited", text)
        case Ending.FAULT:
            return FailureVerdict("judge-error", None, aborted_runs.judge_error_text(ended.detail))
        case _:
            assert_never(ended.ending)


def verdict_of_problem(problem: LoadProblem, class_name: str) -> FailureVerdict:
    """The verdict of a class that could not be run."""
    if problem.raised is not None:
        return _verdict_of_exception(problem.raised, class_name)
    kind = next((known for known in PROBLEM_KINDS if known == problem.kind), None)
    if kind is None:  # the child's own code never sends it
        return FailureVerdict("forbidden", None, FORGED.format(name=class_name))
    text = load_errors.problem_text(
        problem.kind, class_name, line=problem.line, column=problem.column, facts=problem.facts
    )
    return FailureVerdict("error", kind, text)


def _verdict_of_exception(raised: Raised, class_name: str) -> FailureVerdict:
    text = exception_text(raised, class_name)
    if raised.refused:
        return FailureVerdict("forbidden", None, text)
    if raised.out_of_memory:
        return FailureVerdict("memory-limit", None, text)
    if raised.is_import_error:
        return FailureVerdict("error", "import-error", import_error_message(raised, text))
    return FailureVerdict("error", "exited" if raised.ended_process else "exception", text)


def import_error_message(raised: Raised, otherwise: Text) -> Text:
    """Which modules can be imported; `otherwise` where the module exists and lacks the imported name."""
    name = raised.import_name
    if name is None or name.partition(".")[0] in IMPORTABLE:
        return otherwise
    return load_errors.import_error_text(name, IMPORTABLE, raised.line)
