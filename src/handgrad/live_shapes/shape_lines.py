"""From the trace of a draft to what is written beside its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handgrad.diagnosis.counterexample.counterexample import as_plain
from handgrad.diagnosis.text.exception_text import exception_text
from handgrad.judging.failure_verdicts import verdict_of_ending, verdict_of_problem
from handgrad.judging.run_report import LoadProblem
from handgrad.languages import Text
from handgrad.live_shapes.draft_trace import DraftFailure, DraftTrace, TracedValue, TraceRecord
from handgrad.live_shapes.shape_words import CROSS, Explained, explained
from handgrad.sandbox import Ended, Ending, Limits
from handgrad.sandbox.child.draft.instrumentation import ALONE, INNER, PARAMETER, RETURNED
from handgrad.sandbox.child.draft.traced_value import ARRAY, NUMBER, SEVERAL, SIZES
from handgrad.sandbox.limits import MEBIBYTE

MOST_VALUES = 12
"""Values of one line that are shown."""
MOST_LINES = 500
LONGEST_TEXT = 160
USUAL_DTYPE = "float64"


@dataclass(frozen=True)
class Value:
    """An array or number of a line, as it was when the line ran last.

    Attributes:
        name: what it was assigned to, or its source text.
        shape: of the whole array; empty for a number.
        dtype: of its entries.
        values: nested lists of numbers; ``"nan"``, ``"inf"`` and ``"-inf"`` where they are not finite.
            None where the array has too many axes to show.
        cut: whether there are more: of a large array the first of each axis are shown.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: Any
    cut: bool


@dataclass(frozen=True)
class Line:
    """What is written beside a line.

    Attributes:
        line: counted from 1.
        text: shapes and signs, no words: ``(3, 4) · (4, 5) → dW (3, 5)``.
        state: ``"shape"``, or ``"error"`` where the draft stopped.
        detail: a few words after the text: what does not fit.
        advice: a sentence: what it usually means.
        values: what the names and expressions of the line held.
    """

    line: int
    text: str
    state: str
    detail: Text | None = None
    advice: Text | None = None
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Stopped:
    """Why the draft did not run to its end, and the line, where it is one."""

    line: int | None
    message: Text


def told(
    trace: DraftTrace, class_names: tuple[str, ...], limits: Limits
) -> tuple[tuple[Line, ...], Stopped | None]:
    """What is written beside each line, and why the draft stopped, if it did."""
    telling = _Telling(class_names, limits)
    telling.take(trace)
    lines = _lines(trace.records.values(), telling.errors)
    return lines, telling.stopped[0] if telling.stopped else None


class _Telling:
    """Gathers what went wrong: beside which line it is written, and what is said of the whole."""

    def __init__(self, class_names: tuple[str, ...], limits: Limits) -> None:
        self.class_names = class_names
        self.limits = limits
        self.errors: dict[int, Explained] = {}
        self.stopped: list[Stopped] = []
        self.unread: int | None = None

    def take(self, trace: DraftTrace) -> None:
        """Everything that is known of a draft, in the order of how much it says."""
        if trace.left_out is not None:
            self._problem(trace.left_out, self.class_names[0])
            self.unread = trace.left_out.line or 1
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

    def _follows_from_what_is_left_out(self, line: int | None) -> bool:
        """Whether something below a line that is still being typed may be wrong for want of it."""
        return self.unread is not None and (line is None or line >= self.unread)

    def _problem(self, problem: LoadProblem, class_name: str) -> None:
        """The file, or a class, could not be run as it stands."""
        if self._follows_from_what_is_left_out(problem.line):
            return
        message = verdict_of_problem(problem, class_name).message
        self.stopped.append(Stopped(problem.line, message))
        if problem.kind == "syntax-error" and problem.line is not None:
            self.errors[problem.line] = Explained(CROSS, SYNTAX_ERROR, message)

    def _failure(self, failure: DraftFailure, class_name: str) -> None:
        raised = failure.raised
        if self._follows_from_what_is_left_out(raised.line):
            return
        self.stopped.append(Stopped(raised.line, exception_text(raised, class_name)))
        if raised.line is not None:
            self.errors[raised.line] = explained(failure)

    def _ending(self, ended: Ended, line: int | None, class_name: str) -> None:
        """The process did not come to its end: a limit, an end of its own, something that is no frame."""
        words = ENDINGS.get(ended.ending)
        if ended.ending is Ending.FAULT:
            self.stopped.append(Stopped(line, NOT_FOLLOWED))
        elif words is None:
            outcome = verdict_of_ending(ended, class_name, self.limits)
            self.stopped.append(Stopped(line, outcome.message))
        else:
            is_wall = ended.detail == "wall"
            seconds = self.limits.wall_seconds if is_wall else self.limits.processor_seconds
            mebibytes = self.limits.memory_bytes // MEBIBYTE
            short = words.format(seconds=seconds, mebibytes=mebibytes)
            message = AT_LINE.format(line=line, told=short) if line else short
            self.stopped.append(Stopped(line, message))
            if line is not None:
                self.errors[line] = Explained(CROSS, short, None)


SYNTAX_ERROR = Text(zh="语法错误", en="syntax error")
NOT_FOLLOWED = Text(
    zh="没能跟踪这份草稿的运行，因此不显示形状；评测不受影响。",
    en="This draft could not be followed, so no shapes are shown; judging it is not affected.",
)
AT_LINE = Text(zh="第 {line} 行：{told}", en="Line {line}: {told}")
ENDINGS = {
    Ending.TIME_LIMIT: Text(zh="{seconds} 秒后还没有结束", en="it had not ended after {seconds} s"),
    Ending.MEMORY_LIMIT: Text(
        zh="内存超过 {mebibytes} MB", en="it takes more than {mebibytes} MB of memory"
    ),
}
"""What is written beside the line that was running."""


def _lines(records: Iterable[TraceRecord], errors: dict[int, Explained]) -> tuple[Line, ...]:
    by_line: dict[int, list[TraceRecord]] = {line: [] for line in errors}
    for record in records:
        by_line.setdefault(record.line, []).append(record)
    lines = []
    for number in sorted(by_line):
        told, error = by_line[number], errors.get(number)
        values = _values(told)
        if error is not None:
            lines.append(Line(number, error.text, "error", error.detail, error.advice, values))
        elif text := _line_text([record for record in told if record.role != INNER]):
            lines.append(Line(number, text, "shape", values=values))
    return tuple(lines[:MOST_LINES])


def _line_text(records: list[TraceRecord]) -> str:
    parts = [text for record in records if (text := _record_text(record))]
    between = ", " if all(record.role == PARAMETER for record in records) else "; "
    text = between.join(parts)
    if len(text) > LONGEST_TEXT:
        text = between.join(_record_text(record, with_formula=False) for record in records)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _record_text(record: TraceRecord, *, with_formula: bool = True) -> str:
    """``(3, 4) · (4, 5) → dW (3, 5) ×2``; ``B = 4``; ``→ (4, 3)``."""
    value = record.value
    is_named = record.role not in (RETURNED, ALONE)
    if value.kind in (NUMBER, SIZES):
        told = _number(value) if value.kind == NUMBER else str(value.shape)
        if record.role == ALONE:
            return ""
        text = f"{record.name} = {told}" if is_named else f"→ {told}"
    else:
        told = _shape_told(value, record.first_shape)
        text = f"{record.name} {told}" if is_named else told
        if record.formula and with_formula:
            text = f"{record.formula} → {text}"
        elif not is_named:
            text = f"→ {text}"
    return f"{text} ×{record.count}" if record.count > 1 else text


def _shape_told(value: TracedValue, first: tuple[int, ...] | None) -> str:
    if value.kind == SEVERAL:
        return "[" + ", ".join(str(shape) for shape in value.shapes) + "]"
    told = str(value.shape)
    if first is not None:
        told = f"{first} … {told}"
    return told if value.dtype == USUAL_DTYPE else f"{told} {value.dtype}"


def _number(value: TracedValue) -> str:
    return str(as_plain(value.entries)) if value.entries is not None else "?"


def _values(records: list[TraceRecord]) -> tuple[Value, ...]:
    """The arrays and numbers of a line: what it assigns first, then what it works on."""
    ordered = sorted(records, key=lambda record: record.role == INNER)
    values: dict[str, Value] = {}
    for record in ordered:
        value = record.value
        if value.kind not in (ARRAY, NUMBER) or record.name in values:
            continue
        entries = None if value.entries is None else as_plain(value.entries)
        shape = value.shape if value.kind == ARRAY else ()
        values[record.name] = Value(record.name, shape, value.dtype, entries, value.is_cut)
    return tuple(list(values.values())[:MOST_VALUES])
