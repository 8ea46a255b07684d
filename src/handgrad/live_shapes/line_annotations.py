"""The annotations beside a draft's lines, from its trace: shapes, values and errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handgrad.diagnosis.counterexample.counterexample import as_plain
from handgrad.diagnosis.text.exception_text import exception_text
from handgrad.judging.failure_verdicts import verdict_of_ending, verdict_of_problem
from handgrad.judging.run_report import LoadProblem
from handgrad.languages import Text
from handgrad.live_shapes.draft_trace import DraftFailure, DraftTrace, TraceRecord
from handgrad.live_shapes.shape_errors import CROSS, ErrorAnnotation, error_annotation
from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.child.draft.value_snapshot import ValueSnapshot
from handgrad.sandbox.limits import exceeded_limit

MOST_VALUES = 12
"""Shown for one line."""
MOST_LINES = 500
LONGEST_TEXT = 160
USUAL_DTYPE = "float64"


@dataclass(frozen=True)
class LineValue:
    """An array or number in a line, when the line last ran.

    Attributes:
        name: the variable or attribute, or the source text of the expression.
        shape: of the whole array; empty for a number.
        dtype: of its entries.
        values: nested lists of numbers; ``"nan"``, ``"inf"`` and ``"-inf"`` where they are not finite.
            None where the array has too many axes to show.
        cut: whether only the first entries of each axis are shown.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: Any
    cut: bool


@dataclass(frozen=True)
class LineAnnotation:
    """What stands beside a line.

    Attributes:
        line: counted from 1.
        text: shapes and operators, no words: ``(3, 4) · (4, 5) → dW (3, 5)``.
        state: ``"shape"``, or ``"error"`` where the draft stopped.
        detail: what does not fit, in a few words after the text.
        advice: what usually causes the error, in a sentence.
        values: of the names and expressions in the line.
    """

    line: int
    text: str
    state: str
    detail: Text | None = None
    advice: Text | None = None
    values: tuple[LineValue, ...] = ()


@dataclass(frozen=True)
class StopReason:
    """Why the draft did not run to its end, and the line where it stopped, if known."""

    line: int | None
    message: Text


def annotate_lines(
    trace: DraftTrace, class_names: tuple[str, ...], limits: Limits
) -> tuple[tuple[LineAnnotation, ...], StopReason | None]:
    """The annotation of each line, and why the draft stopped, if it did."""
    found = _Errors(class_names, limits)
    found.collect(trace)
    lines = _lines(trace.records.values(), found.by_line)
    return lines, found.stopped[0] if found.stopped else None


class _Errors:
    """Collects the errors of a draft: the annotation of each line, and the reasons why it stopped."""

    def __init__(self, class_names: tuple[str, ...], limits: Limits) -> None:
        self.class_names = class_names
        self.limits = limits
        self.by_line: dict[int, ErrorAnnotation] = {}
        self.stopped: list[StopReason] = []
        self.first_left_out: int | None = None

    def collect(self, trace: DraftTrace) -> None:
        """Collect all errors, the most informative first."""
        if trace.left_out is not None:
            self._problem(trace.left_out, self.class_names[0])
            self.first_left_out = trace.left_out.line or 1
        if trace.failure is not None:
            self._failure(trace.failure, self.class_names[0])
        elif trace.problem is not None:
            self._problem(trace.problem, self.class_names[0])
        for one in trace.classes:
            if one.failure is not None and (one.failure.raised.in_answer or one.problem is None):
                self._failure(one.failure, one.name)
            elif one.problem is not None:
                self._problem(one.problem, one.name)
        if trace.ended.ending is not Ending.FINISHED:
            name = self.class_names[min(len(trace.classes), len(self.class_names) - 1)]
            self._ending(trace.ended, trace.line, name)

    def _may_follow_from_left_out_line(self, line: int | None) -> bool:
        """Whether an error may only follow from an incomplete line above it that was left out."""
        return self.first_left_out is not None and (line is None or line >= self.first_left_out)

    def _problem(self, problem: LoadProblem, class_name: str) -> None:
        """The file or a class could not be run."""
        if self._may_follow_from_left_out_line(problem.line):
            return
        message = verdict_of_problem(problem, class_name).message
        self.stopped.append(StopReason(problem.line, message))
        if problem.kind == "syntax-error" and problem.line is not None:
            self.by_line[problem.line] = ErrorAnnotation(CROSS, SYNTAX_ERROR, message)

    def _failure(self, failure: DraftFailure, class_name: str) -> None:
        raised = failure.raised
        if self._may_follow_from_left_out_line(raised.line):
            return
        self.stopped.append(StopReason(raised.line, exception_text(raised, class_name)))
        if raised.line is not None:
            self.by_line[raised.line] = error_annotation(failure)

    def _ending(self, ended: Ended, line: int | None, class_name: str) -> None:
        """The process did not finish: it exceeded a limit, exited, or sent an invalid frame."""
        short = None
        if ended.ending in (Ending.TIME_LIMIT, Ending.MEMORY_LIMIT, Ending.OUTPUT_LIMIT):
            short = exceeded_limit(ended.ending.value, ended.detail).short_message_for(self.limits)
        if ended.ending is Ending.FAULT:
            self.stopped.append(StopReason(line, NOT_TRACED))
        elif short is None:
            outcome = verdict_of_ending(ended, class_name, self.limits)
            self.stopped.append(StopReason(line, outcome.message))
        else:
            message = AT_LINE.format(line=line, problem=short) if line else short
            self.stopped.append(StopReason(line, message))
            if line is not None:
                self.by_line[line] = ErrorAnnotation(CROSS, short, None)


SYNTAX_ERROR = Text(zh="语法错误", en="syntax error")
NOT_TRACED = Text(
    zh="没能跟踪这份草稿的运行，因此不显示形状；评测不受影响。",
    en="This draft could not be traced, so no shapes are shown. Judging it is not affected.",
)
AT_LINE = Text(zh="第 {line} 行：{problem}", en="Line {line}: {problem}")


def _lines(
    records: Iterable[TraceRecord], errors: dict[int, ErrorAnnotation]
) -> tuple[LineAnnotation, ...]:
    by_line: dict[int, list[TraceRecord]] = {line: [] for line in errors}
    for record in records:
        by_line.setdefault(record.line, []).append(record)
    lines = []
    for number in sorted(by_line):
        recorded, error = by_line[number], errors.get(number)
        values = _values(recorded)
        if error is not None:
            lines.append(
                LineAnnotation(number, error.text, "error", error.detail, error.advice, values)
            )
        elif text := _line_text([record for record in recorded if record.role != "inner"]):
            lines.append(LineAnnotation(number, text, "shape", values=values))
    return tuple(lines[:MOST_LINES])


def _line_text(records: list[TraceRecord]) -> str:
    parts = [text for record in records if (text := _record_text(record))]
    between = ", " if all(record.role == "parameter" for record in records) else "; "
    text = between.join(parts)
    if len(text) > LONGEST_TEXT:
        text = between.join(_record_text(record, with_formula=False) for record in records)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _record_text(record: TraceRecord, *, with_formula: bool = True) -> str:
    """``(3, 4) · (4, 5) → dW (3, 5) ×2``; ``B = 4``; ``→ (4, 3)``."""
    value = record.value
    is_named = record.role not in ("returned", "alone")
    if value.kind in ("number", "sizes"):
        shown = _number(value) if value.kind == "number" else str(value.shape)
        if record.role == "alone":
            return ""
        text = f"{record.name} = {shown}" if is_named else f"→ {shown}"
    else:
        shape = _shape_text(value, record.first_shape)
        text = f"{record.name} {shape}" if is_named else shape
        if record.formula and with_formula:
            text = f"{record.formula} → {text}"
        elif not is_named:
            text = f"→ {text}"
    return f"{text} ×{record.count}" if record.count > 1 else text


def _shape_text(value: ValueSnapshot, first: tuple[int, ...] | None) -> str:
    if value.kind == "several":
        return "[" + ", ".join(str(shape) for shape in value.shapes) + "]"
    shape = str(value.shape)
    if first is not None:
        shape = f"{first} … {shape}"
    return shape if value.dtype == USUAL_DTYPE else f"{shape} {value.dtype}"


def _number(value: ValueSnapshot) -> str:
    return str(as_plain(value.entries)) if value.entries is not None else "?"


def _values(records: list[TraceRecord]) -> tuple[LineValue, ...]:
    """The arrays and numbers of a line: those it assigns, then those it uses."""
    ordered = sorted(records, key=lambda record: record.role == "inner")
    values: dict[str, LineValue] = {}
    for record in ordered:
        value = record.value
        if value.kind not in ("array", "number") or record.name in values:
            continue
        entries = None if value.entries is None else as_plain(value.entries)
        shape = value.shape if value.kind == "array" else ()
        values[record.name] = LineValue(record.name, shape, value.dtype, entries, value.is_cut)
    return tuple(list(values.values())[:MOST_VALUES])
