"""A running child, watched from outside: every frame it sends, until it ends or passes a limit."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from handgrad.sandbox.limits import Limits
from handgrad.sandbox.protocol.wire import BrokenFrame
from handgrad.sandbox.resource_usage import Usage

HEADER_CAP = 1 << 20
PAYLOAD_CAP = 40 << 20  # above what limits let one answer carry back in all
LOOK_SECONDS = 0.02
FAULT_TEXT = 8000

Frame = tuple[dict[str, Any], bytearray]


class Ending(Enum):
    """How a child's run came to its end."""

    FINISHED = "finished"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    OUTPUT_LIMIT = "output-limit"
    EXITED = "exited"
    BROKEN_PROTOCOL = "broken-protocol"
    FAULT = "fault"


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what is known about it.

    Attributes:
        ending: the way it ended.
        detail: which limit (``"processor"``, ``"wall"``), the exit status, or our own traceback.
    """

    ending: Ending
    detail: str = ""


class Arrivals(Protocol):
    """Where frames arrive from a child."""

    def get(self, *, timeout: float) -> Frame | BrokenFrame:
        """The next frame, or why there will be none; ``queue.Empty`` when none came in time."""


class Watch:
    """Time and memory of a running child, measured from outside, since the job was handed over.

    `usage` measures the child; `before` is what it had used when the job came.
    """

    def __init__(self, usage: Callable[[], Usage], before: Usage, limits: Limits) -> None:
        self._usage = usage
        self._before = before
        self._limits = limits
        now = time.monotonic()
        self._deadline = now + limits.wall_seconds
        self._next_look = now + self._at_most(LOOK_SECONDS, limits.processor_seconds)

    def _at_most(self, *seconds: float) -> float:
        return max(0.0, min(*seconds, self._deadline - time.monotonic()))

    @property
    def patience(self) -> float:
        """Seconds until the next look is due."""
        return max(0.0, self._next_look - time.monotonic())

    def limit_passed(self) -> Ended | None:
        """The limit that the child has passed, if a look is due and finds one."""
        return self.look() if time.monotonic() >= self._next_look else None

    def look(self) -> Ended | None:
        """The limit that the child has passed by now, if any."""
        used, before, limits = self._usage(), self._before, self._limits
        if used.memory_bytes - before.memory_bytes > limits.memory_bytes:
            return Ended(Ending.MEMORY_LIMIT)
        processor_left = limits.processor_seconds - (
            used.processor_seconds - before.processor_seconds
        )
        if processor_left <= 0:
            return Ended(Ending.TIME_LIMIT, "processor")
        now = time.monotonic()
        if now >= self._deadline:
            return Ended(Ending.TIME_LIMIT, "wall")
        self._next_look = now + self._at_most(LOOK_SECONDS, processor_left)
        return None


def watched(
    arrivals: Arrivals, watch: Watch, ended_by: Callable[[BrokenFrame], Ended]
) -> Iterator[Frame | Ended]:
    """Yield every frame, then one `Ended`. A child that sends without end is watched as well."""
    while True:
        try:
            arrived = arrivals.get(timeout=watch.patience)
        except queue.Empty:
            passed = watch.look()
            if passed is not None:
                yield passed
                return
            continue
        if isinstance(arrived, BrokenFrame):
            yield watch.look() or ended_by(arrived)
            return
        ended = _said_to_end(arrived[0]) or watch.limit_passed()
        if ended is not None:
            yield ended
            return
        yield arrived


def _said_to_end(header: dict[str, Any]) -> Ended | None:
    kind = header.get("frame")
    if kind == "end":
        return Ended(Ending.FINISHED)
    if kind == "output-limit":
        return Ended(Ending.OUTPUT_LIMIT)
    if kind == "fault":
        return Ended(Ending.FAULT, str(header.get("traceback"))[:FAULT_TEXT])
    return None
