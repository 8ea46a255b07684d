"""Monitors a running child from outside: yields its frames until it ends or exceeds a limit."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from handgrad.sandbox.limits import Limits
from handgrad.sandbox.protocol.wire import BrokenFrame
from handgrad.sandbox.resource_usage import ResourceUsage

if TYPE_CHECKING:
    from handgrad.sandbox.protocol.frames import LifeFrameKind, Sent

HEADER_CAP = 1 << 20
PAYLOAD_CAP = 40 << 20  # above what limits let one answer carry back in all
CHECK_SECONDS = 0.02
FAULT_TEXT = 8000

Frame = tuple[dict[str, Any], bytearray]


class Ending(Enum):
    """How a child's run ended."""

    FINISHED = "finished"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    OUTPUT_LIMIT = "output-limit"
    EXITED = "exited"
    BROKEN_PROTOCOL = "broken-protocol"
    FAULT = "fault"


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        ending: the kind of end.
        detail: which time limit (``"processor"``, ``"wall"``), the exit status, or the child's own traceback.
    """

    ending: Ending
    detail: str = ""


class FrameSource(Protocol):
    """A queue of frames from a child."""

    def get(self, *, timeout: float) -> Frame | BrokenFrame:
        """The next frame, or why there is none; ``queue.Empty`` when none arrived in time."""


class LimitMonitor:
    """Checks time and memory of a running child from outside.

    `usage` measures the child; `before` is its usage when the job was sent. The wall time counts from
    `begin`: what the judge did between sending the job and waiting for its frames is not the child's.
    """

    def __init__(
        self, usage: Callable[[], ResourceUsage], before: ResourceUsage, limits: Limits
    ) -> None:
        self._usage = usage
        self._before = before
        self._limits = limits

    def begin(self) -> None:
        """The judge waits for the child from now on."""
        now = time.monotonic()
        self._deadline = now + self._limits.wall_seconds
        self._next_check = now + self._at_most(CHECK_SECONDS, self._limits.processor_seconds)

    def _at_most(self, *seconds: float) -> float:
        return max(0.0, min(*seconds, self._deadline - time.monotonic()))

    @property
    def seconds_until_check(self) -> float:
        """Seconds until the next check is due."""
        return max(0.0, self._next_check - time.monotonic())

    def exceeded_limit_when_due(self) -> Ended | None:
        """The limit that the child has exceeded, if a check is due and finds one."""
        return self.check() if time.monotonic() >= self._next_check else None

    def check(self) -> Ended | None:
        """The limit that the child has exceeded by now, if any."""
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
        self._next_check = now + self._at_most(CHECK_SECONDS, processor_left)
        return None


def monitored_frames(
    arrivals: FrameSource, monitor: LimitMonitor, ended_by: Callable[[BrokenFrame], Ended]
) -> Iterator[Frame | Ended]:
    """Yield every frame, then one `Ended`. A child that never stops sending is checked as well."""
    monitor.begin()
    while True:
        try:
            arrived = arrivals.get(timeout=monitor.seconds_until_check)
        except queue.Empty:
            exceeded = monitor.check()
            if exceeded is not None:
                yield exceeded
                return
            continue
        if isinstance(arrived, BrokenFrame):
            yield monitor.check() or ended_by(arrived)
            return
        ended = _reported_end(arrived[0]) or monitor.exceeded_limit_when_due()
        if ended is not None:
            yield ended
            return
        yield arrived


def kind_of(header: dict[str, Any]) -> Any:
    """The kind of a frame, whatever the child sent."""
    return header.get("frame")


def _reported_end(header: dict[str, Any]) -> Ended | None:
    kind: Sent[LifeFrameKind] = kind_of(header)
    if kind == "end":
        return Ended(Ending.FINISHED)
    if kind == "output-limit":
        return Ended(Ending.OUTPUT_LIMIT)
    if kind == "fault":
        return Ended(Ending.FAULT, str(header.get("traceback"))[:FAULT_TEXT])
    return None
