"""The shape of every intermediate of a draft, beside its line, as it is typed.

The draft runs once on a small case of its own, behind the same walls as an answer that is judged, and
is followed expression by expression. What comes back is shown to its author and is no evidence: no
verdict is made of it, and the process that ran it judges nothing.
"""

from __future__ import annotations

import contextlib
import threading
import time
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any

import numpy as np

from handgrad.checking import problems
from handgrad.checking.case import Case
from handgrad.checking.counterexample import as_plain
from handgrad.checking.failures import exception_text
from handgrad.course import JudgedClass, Level
from handgrad.errors import SandboxError
from handgrad.judging import undecided
from handgrad.judging.shape_words import CROSS, Explained, explained
from handgrad.judging.trace import Failure, Record, Thing, Trace, read_trace
from handgrad.languages import Text, joined
from handgrad.sandbox import Child, Ended, Ending, Limits, Pool
from handgrad.sandbox.child.buffers import Payload
from handgrad.sandbox.child.instrument import ALONE, INNER, PARAMETER, RETURNED
from handgrad.sandbox.child.noted import ARRAY, NUMBER, SEVERAL, SIZES
from handgrad.sandbox.child.script import compile_script, run_script
from handgrad.sandbox.child.wire import frame
from handgrad.sandbox.isolation import too_weak
from handgrad.sandbox.limits import MEBIBYTE

DRAFT_LIMITS = Limits(
    processor_seconds=0.3, wall_seconds=1.0, memory_bytes=256 * MEBIBYTE, printed_bytes=0
)
"""What a draft may use: little, since it runs at each pause in typing."""
MAX_DRAFT_BYTES = 64 * 1024
STREAM = 23
"""Tells the numbers of these cases from all that are judged."""
DECIMALS = 1
TRIES = 2
AT_ONCE = 2
MOST_VALUES = 12
"""Values of one line that are shown."""
MOST_LINES = 500
LONGEST_TEXT = 160
USUAL_DTYPE = "float64"
SEMICOLON = Text(zh="；", en="; ")


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


@dataclass(frozen=True)
class LiveShapes:
    """Every line of a draft that ran, on which case, and why it stopped.

    Attributes:
        lines: in order, at most one a line.
        case: the sizes of the case, in words.
        stopped: None when everything ran.
        milliseconds: from the draft to this.
    """

    lines: tuple[Line, ...]
    case: Text
    stopped: Stopped | None
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        """A JSON object, texts in every language."""
        told = asdict(self)
        told["milliseconds"] = round(self.milliseconds, 3)
        return told


@dataclass(frozen=True)
class PreparedDraft:
    """What does not depend on the draft: the cases of a level's classes, in words and as a job."""

    level: Level
    header: dict[str, Any]
    payload: Payload
    words: Text

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes that a draft is to define."""
        return tuple(judged.name for judged in self.level.classes)

    def job(self, source: bytes, limits: Limits) -> bytes:
        """The job for one draft: one frame."""
        place = {"at": self.payload.size, "nbytes": len(source)}
        header = self.header | {"source": place, "limits": asdict(limits)}
        return frame(header, [*self.payload.buffers, source])


_prepared: dict[tuple[str, str], PreparedDraft] = {}
_preparing = threading.Lock()


def prepared_draft(level: Level) -> PreparedDraft:
    """The level's small cases, drawn once and kept: a draft's numbers do not change as it is typed."""
    key = (str(level.folder), level.revision)
    with _preparing:
        if key not in _prepared:
            _prepared[key] = _prepare(level)
        return _prepared[key]


def live_shapes(
    level: Level,
    source: bytes | str,
    *,
    pool: Pool,
    minimum_isolation: int = 1,
    limits: Limits = DRAFT_LIMITS,
) -> LiveShapes:
    """Run a draft on a small case and say what shape each of its intermediates has.

    Whatever the draft does is in what is returned; threads may share a pool.

    >>> from handgrad.course import load_course
    >>> level = load_course().level("fully-connected")
    >>> with Pool(expected=1) as pool:
    ...     seen = live_shapes(level, level.solution, pool=pool)
    >>> [one.text for one in seen.lines if "dW" in one.text]
    ['(3, 4) · (4, 5) → dW (3, 5)']

    Raises:
        SandboxError: no process could be started, or this machine's isolation is weaker than asked for.
        LevelError: the level gives no case.
    """
    started = time.perf_counter()
    prepared = prepared_draft(level)
    data = source.encode(errors="replace") if isinstance(source, str) else source
    if len(data) > MAX_DRAFT_BYTES:
        told = TOO_LONG.format(kilobytes=MAX_DRAFT_BYTES // 1024)
        too_long = Stopped(None, told)
        return LiveShapes((), prepared.words, too_long, _milliseconds_since(started))
    if minimum_isolation > 1 and pool.isolation.level < minimum_isolation:
        raise SandboxError(too_weak(pool.isolation, minimum_isolation))
    trace = _followed(prepared, data, pool, limits)
    lines, stopped = _told(trace, prepared, limits)
    return LiveShapes(lines, prepared.words, stopped, _milliseconds_since(started))


class LiveShaper:
    """Live shapes for several threads at once: a pool of children, and so many at work at most.

    >>> from handgrad.course import load_course
    >>> level = load_course().level("activations")
    >>> with LiveShaper() as shaper:
    ...     shaper.shapes(level, level.template).lines[0].text
    'x (4, 3)'
    """

    def __init__(
        self, pool: Pool | None = None, *, minimum_isolation: int = 1, at_once: int = AT_ONCE
    ) -> None:
        """Start it.

        Args:
            pool: children that are shared with others, who close it; by default its own.
            minimum_isolation: run nothing below this isolation level.
            at_once: how many drafts run at the same time; others wait.
        """
        self._own = Pool() if pool is None else None
        self._pool = self._own if pool is None else pool
        self._minimum_isolation = minimum_isolation
        self._room = threading.BoundedSemaphore(at_once)

    def shapes(self, level: Level, source: bytes | str) -> LiveShapes:
        """See `live_shapes`."""
        assert self._pool is not None
        with self._room:
            return live_shapes(
                level, source, pool=self._pool, minimum_isolation=self._minimum_isolation
            )

    def close(self) -> None:
        """End the children, where they are its own."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> LiveShaper:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _milliseconds_since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000


def _followed(prepared: PreparedDraft, source: bytes, pool: Pool, limits: Limits) -> Trace:
    """The draft's trace, from a fresh child that ends with it; from another when the sandbox failed."""
    job = prepared.job(source, limits)
    failure: SandboxError | None = None
    trace: Trace | None = None
    for _ in range(TRIES):
        with contextlib.ExitStack() as stack:
            stack.callback(pool.refill)
            child: Child = pool.take()
            stack.callback(child.end)
            try:
                trace = read_trace(child.ask(job, limits), prepared.class_names)
            except SandboxError as error:
                failure = error
                continue
            if trace.ended.ending is not Ending.FAULT:
                return trace
    if trace is None:
        raise failure or SandboxError(problems.judge_error_text())
    return trace


# The small case


def _prepare(level: Level) -> PreparedDraft:
    payload = Payload()
    classes, sizes = [], {}
    for judged in level.classes:
        case = _short_numbers(_small_case(level, judged))
        classes.append(_class_job(judged, case, payload))
        sizes[judged.name] = _sizes(level, judged, case)
    header = {
        "frame": "draft",
        "name": level.answer_file,
        "given": level.given_source,
        "classes": classes,
    }
    return PreparedDraft(level, header, payload, _sizes_told(sizes))


def _small_case(level: Level, judged: JudgedClass) -> Case:
    """The level's own for drafts, else one whose sizes all differ; of a stream that nothing judged has."""
    label = zlib.crc32(level.name.encode())
    rng = np.random.Generator(np.random.PCG64([STREAM, label, STREAM]))
    own = level.draft_case(judged.name, rng)
    if own is not None:
        return own
    cases = level.cases(judged.name, rng)
    different = [case for case in cases if case.kind == "different-sizes"]
    return (different or cases)[0]


def _short_numbers(case: Case) -> Case:
    """The same case with numbers of one decimal."""
    inputs = {
        name: np.round(value, DECIMALS)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        else value
        for name, value in case.inputs.items()
    }
    return Case(case.kind, case.title, inputs, case.script, case.compared)


def _class_job(judged: JudgedClass, case: Case, payload: Payload) -> dict[str, Any]:
    return {
        "name": judged.name,
        "constructor": list(judged.constructor),
        "methods": {name: list(arguments) for name, arguments in judged.methods.items()},
        "script": case.script,
        "inputs": {
            name: payload.add_with_strides(value)
            if isinstance(value, np.ndarray)
            else {"plain": value}
            for name, value in case.inputs.items()
        },
    }


def _sizes(level: Level, judged: JudgedClass, case: Case) -> dict[str, int]:
    """What B, N, M, … are in a case, from the shapes that the reference's arrays have."""
    inputs = {n: v.copy() if isinstance(v, np.ndarray) else v for n, v in case.inputs.items()}
    outcome = run_script(
        compile_script(case.script), dict(level.reference) | inputs, list(judged.arrays)
    )
    sizes: dict[str, int] = {}
    for name, declared in judged.arrays.items():
        value = outcome.values.get(name)
        array = None if value is None else value.array
        if array is not None and array.ndim == len(declared.axes):
            sizes |= dict(zip(declared.axes, array.shape, strict=True))
    return sizes


def _sizes_told(sizes: dict[str, dict[str, int]]) -> Text:
    """``B = 4, N = 3, M = 5``; a class at a time where they differ."""
    told = {
        name: ", ".join(f"{axis} = {ours[axis]}" for axis in sorted(ours, key=_usual_place))
        for name, ours in sizes.items()
    }
    if len(set(told.values())) == 1:
        words = next(iter(told.values()))
        return Text(zh=words.replace(", ", "，"), en=words)
    each = [Text(zh=f"{n}：{w.replace(', ', '，')}", en=f"{n}: {w}") for n, w in told.items() if w]
    return joined(each, SEMICOLON)


def _usual_place(axis: str) -> tuple[int, str]:
    """The batch, the inputs, what lies between, the outputs."""
    return {"B": 0, "N": 1, "M": 3}.get(axis, 2), axis


# What is told of a trace


def _told(
    trace: Trace, prepared: PreparedDraft, limits: Limits
) -> tuple[tuple[Line, ...], Stopped | None]:
    errors: dict[int, Explained] = {}
    stopped: list[Stopped] = []
    names = prepared.class_names
    if trace.trouble is not None:
        _tell_trouble(trace, names[0], errors, stopped)
    for one in trace.classes:
        if one.failure is not None and one.failure.raised.in_answer:
            _tell_failure(one.failure, one.name, errors, stopped)
        elif one.trouble is not None:
            message = undecided.of_trouble(one.trouble, one.name).message
            stopped.append(Stopped(one.trouble.line, message))
        elif one.failure is not None:
            _tell_failure(one.failure, one.name, errors, stopped)
    if trace.ended.ending is not Ending.FINISHED:
        name = names[min(len(trace.classes), len(names) - 1)]
        _tell_ending(trace.ended, trace.line, name, limits, errors, stopped)
    return _lines(trace.records.values(), errors), (stopped[0] if stopped else None)


def _tell_trouble(
    trace: Trace, class_name: str, errors: dict[int, Explained], stopped: list[Stopped]
) -> None:
    """The file itself did not run."""
    trouble = trace.trouble
    assert trouble is not None
    outcome = undecided.of_trouble(trouble, class_name)
    stopped.append(Stopped(trouble.line, outcome.message))
    if trace.failure is not None and trouble.line is not None:
        errors[trouble.line] = explained(trace.failure)


def _tell_failure(
    failure: Failure, class_name: str, errors: dict[int, Explained], stopped: list[Stopped]
) -> None:
    raised = failure.raised
    stopped.append(Stopped(raised.line, exception_text(raised, class_name)))
    if raised.line is not None:
        errors[raised.line] = explained(failure)


def _tell_ending(
    ended: Ended,
    line: int | None,
    class_name: str,
    limits: Limits,
    errors: dict[int, Explained],
    stopped: list[Stopped],
) -> None:
    """The process did not come to its end: a limit, an end of its own, something that is no frame."""
    words = ENDINGS.get(ended.ending)
    if ended.ending is Ending.FAULT:
        stopped.append(Stopped(line, NOT_FOLLOWED))
    elif words is None:
        stopped.append(Stopped(line, undecided.of_ending(ended, class_name, limits).message))
    else:
        seconds = limits.wall_seconds if ended.detail == "wall" else limits.processor_seconds
        told = words.format(seconds=seconds, mebibytes=limits.memory_bytes // MEBIBYTE)
        stopped.append(Stopped(line, AT_LINE.format(line=line, told=told) if line else told))
        if line is not None:
            errors[line] = Explained(CROSS, told, None)


TOO_LONG = Text(
    zh="草稿超过 {kilobytes} KB，不显示形状。",
    en="The draft is longer than {kilobytes} KB: no shapes are shown.",
)
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


def _lines(records: Iterable[Record], errors: dict[int, Explained]) -> tuple[Line, ...]:
    by_line: dict[int, list[Record]] = {line: [] for line in errors}
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


def _line_text(records: list[Record]) -> str:
    parts = [text for record in records if (text := _record_text(record))]
    between = ", " if all(record.role == PARAMETER for record in records) else "; "
    text = between.join(parts)
    if len(text) > LONGEST_TEXT:
        text = between.join(_record_text(record, with_formula=False) for record in records)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _record_text(record: Record, *, with_formula: bool = True) -> str:
    """``(3, 4) · (4, 5) → dW (3, 5) ×2``; ``B = 4``; ``→ (4, 3)``."""
    thing = record.thing
    is_named = record.role not in (RETURNED, ALONE)
    if thing.kind in (NUMBER, SIZES):
        told = _number(thing) if thing.kind == NUMBER else str(thing.shape)
        if record.role == ALONE:
            return ""
        text = f"{record.name} = {told}" if is_named else f"→ {told}"
    else:
        told = _shape_told(thing, record.first_shape)
        text = f"{record.name} {told}" if is_named else told
        if record.formula and with_formula:
            text = f"{record.formula} → {text}"
        elif not is_named:
            text = f"→ {text}"
    return f"{text} ×{record.count}" if record.count > 1 else text


def _shape_told(thing: Thing, first: tuple[int, ...] | None) -> str:
    if thing.kind == SEVERAL:
        return "[" + ", ".join(str(shape) for shape in thing.shapes) + "]"
    told = str(thing.shape)
    if first is not None:
        told = f"{first} … {told}"
    return told if thing.dtype == USUAL_DTYPE else f"{told} {thing.dtype}"


def _number(thing: Thing) -> str:
    return str(as_plain(thing.entries)) if thing.entries is not None else "?"


def _values(records: list[Record]) -> tuple[Value, ...]:
    """The arrays and numbers of a line: what it assigns first, then what it works on."""
    ordered = sorted(records, key=lambda record: record.role == INNER)
    values: dict[str, Value] = {}
    for record in ordered:
        thing = record.thing
        if thing.kind not in (ARRAY, NUMBER) or record.name in values:
            continue
        entries = None if thing.entries is None else as_plain(thing.entries)
        shape = thing.shape if thing.kind == ARRAY else ()
        values[record.name] = Value(record.name, shape, thing.dtype, entries, thing.is_cut)
    return tuple(list(values.values())[:MOST_VALUES])
