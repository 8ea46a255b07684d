"""Answers that no trial decides: what verdict and kind a child's problem or ending is, and its words."""

from __future__ import annotations

from dataclasses import dataclass

from handgrad.diagnosis.case import Raised
from handgrad.diagnosis.text import aborted_runs, load_errors
from handgrad.diagnosis.text.exception_text import exception_text
from handgrad.diagnosis.verdict_names import ErrorKind, VerdictName
from handgrad.judging.run_report import LoadProblem
from handgrad.languages import Text
from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.child.answer.imports import IMPORTABLE

FORGED = Text(
    zh="{name} 干扰了评测进程与外界的通信。请只用 NumPy 计算。",
    en="{name} interfered with the judge's own channel. Keep to computing with NumPy.",
)
OWN_KINDS = (
    "syntax-error",
    "encoding-error",
    "missing-class",
    "missing-method",
    "bad-signature",
    "unanswered",
)


@dataclass(frozen=True)
class Outcome:
    """A verdict that rests on no case."""

    verdict: VerdictName
    kind: ErrorKind | None
    message: Text


def of_ending(ended: Ended, class_name: str, limits: Limits) -> Outcome:
    """A child that did not finish: a limit, an end of its own, or a forged frame."""
    if ended.ending is Ending.TIME_LIMIT:
        if ended.detail == "wall":
            text = aborted_runs.time_limit_text(class_name, "wall", limits.wall_seconds)
        else:
            text = aborted_runs.time_limit_text(class_name, "processor", limits.processor_seconds)
        return Outcome("time-limit", None, text)
    if ended.ending is Ending.MEMORY_LIMIT:
        text = aborted_runs.memory_limit_text(class_name, limits.memory_bytes)
        return Outcome("memory-limit", None, text)
    if ended.ending is Ending.OUTPUT_LIMIT:
        text = aborted_runs.output_limit_text(class_name, limits.printed_bytes)
        return Outcome("output-limit", None, text)
    if ended.ending is Ending.BROKEN_PROTOCOL:
        return Outcome("forbidden", None, FORGED.format(name=class_name))
    return Outcome("error", "exited", aborted_runs.exited_text(class_name, ended.detail))


def of_problem(problem: LoadProblem, class_name: str) -> Outcome:
    """An answer or a class that could not be run."""
    if problem.raised is not None:
        return _of_raised(problem.raised, class_name)
    if problem.kind not in OWN_KINDS:  # no child of ours says this
        return Outcome("forbidden", None, FORGED.format(name=class_name))
    text = load_errors.problem_text(
        problem.kind, class_name, line=problem.line, column=problem.column, facts=problem.facts
    )
    return Outcome("error", problem.kind, text)  # type: ignore[arg-type]  # one of OWN_KINDS


def _of_raised(raised: Raised, class_name: str) -> Outcome:
    text = exception_text(raised, class_name)
    if raised.refused:
        return Outcome("forbidden", None, text)
    if raised.out_of_memory:
        return Outcome("memory-limit", None, text)
    if raised.is_import_error:
        return Outcome("error", "import-error", import_error(raised, text))
    return Outcome("error", "exited" if raised.ended_process else "exception", text)


def import_error(raised: Raised, otherwise: Text) -> Text:
    """A module that is not there, with what is; `otherwise` when a module lacks the name asked for."""
    name = raised.import_name
    if name is None or name.partition(".")[0] in IMPORTABLE:
        return otherwise
    return load_errors.import_error_text(name, IMPORTABLE, raised.line)
