"""Runs a draft and gives the shape of every intermediate, beside its line.

The draft runs once on a small case of its own, in the same isolation as a judged answer, and every
expression is traced. The trace is shown to its author and is no evidence: no verdict is made of it,
and the process that ran the draft judges nothing.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from handgrad.course import Level
from handgrad.diagnosis.text.aborted_runs import judge_error_text
from handgrad.errors import SandboxError
from handgrad.languages import Text
from handgrad.live_shapes.draft_case import DraftCases, draft_cases
from handgrad.live_shapes.draft_trace import DraftTrace, read_trace
from handgrad.live_shapes.line_annotations import LineAnnotation, StopReason, annotate_lines
from handgrad.sandbox import Child, Ending, Limits, Pool
from handgrad.sandbox.isolation import too_weak
from handgrad.sandbox.limits import MEBIBYTE

DRAFT_LIMITS = Limits(
    processor_seconds=0.3, wall_seconds=1.0, memory_bytes=256 * MEBIBYTE, printed_bytes=0
)
"""Low, since a draft runs at each pause in typing."""
MAX_DRAFT_BYTES = 64 * 1024
TRIES = 2
DRAFTS_AT_ONCE = 2
TOO_LONG = Text(
    zh="草稿超过 {kilobytes} KB，因此不显示形状。",
    en="The draft is longer than {kilobytes} KB, so no shapes are shown.",
)


@dataclass(frozen=True)
class LiveShapes:
    """The shapes of a draft.

    Attributes:
        lines: the annotations, at most one a line, in order.
        case: the sizes of the case it ran on.
        stopped: why it stopped; None when everything ran.
        milliseconds: how long it took.
    """

    lines: tuple[LineAnnotation, ...]
    case: Text
    stopped: StopReason | None
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        """A JSON object, texts in every language."""
        return asdict(self) | {"milliseconds": round(self.milliseconds, 3)}


def live_shapes(
    level: Level,
    source: bytes | str,
    *,
    pool: Pool,
    minimum_isolation: int = 1,
    limits: Limits = DRAFT_LIMITS,
) -> LiveShapes:
    """Run a draft on a small case and give the shape of each intermediate.

    An exception or a limit of the draft is part of the result. Threads may share a pool.

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
    prepared = draft_cases(level)
    data = source.encode(errors="replace") if isinstance(source, str) else source
    if len(data) > MAX_DRAFT_BYTES:
        too_long = StopReason(None, TOO_LONG.format(kilobytes=MAX_DRAFT_BYTES // 1024))
        return LiveShapes((), prepared.sizes_text, too_long, _milliseconds_since(started))
    if minimum_isolation > 1 and pool.isolation.level < minimum_isolation:
        raise SandboxError(too_weak(pool.isolation, minimum_isolation))
    trace = _traced(prepared, data, pool, limits)
    lines, stopped = annotate_lines(trace, prepared.class_names, limits)
    return LiveShapes(lines, prepared.sizes_text, stopped, _milliseconds_since(started))


class LiveShaper:
    """Live shapes for several threads: a pool of children, and a limit on how many run at once.

    >>> from handgrad.course import load_course
    >>> level = load_course().level("activations")
    >>> with LiveShaper() as shaper:
    ...     shaper.shapes(level, level.template).lines[0].text
    'x (4, 3)'
    """

    def __init__(
        self, pool: Pool | None = None, *, minimum_isolation: int = 1, at_once: int = DRAFTS_AT_ONCE
    ) -> None:
        """Start it.

        Args:
            pool: shared children, which the caller closes; by default a pool of its own.
            minimum_isolation: run nothing below this isolation level.
            at_once: how many drafts run at the same time; the others wait.
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
        """End the children of its own pool."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> LiveShaper:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _milliseconds_since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000


def _traced(prepared: DraftCases, source: bytes, pool: Pool, limits: Limits) -> DraftTrace:
    """The draft's trace from a fresh child, which ends with it; from another when the sandbox failed."""
    job = prepared.job(source, limits)
    failure: SandboxError | None = None
    trace: DraftTrace | None = None
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
        raise failure or SandboxError(judge_error_text())
    return trace
