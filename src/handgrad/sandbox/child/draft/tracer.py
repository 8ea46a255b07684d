"""Traces a draft while it runs: the last value of each trace point, how often it ran, and the line.

What it records is sent in frames ``trace`` as the draft goes on, so that the values before an endless
loop are known even when the process is killed. None of it is evidence: it is shown to the author of the
draft and to nobody else.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ...protocol.buffers import Payload
from .instrumentation import AT, NAMED, STORED, VALUE, TracePoint
from .shape_formula import ShapeFormulas
from .value_snapshot import ValueSnapshot, snapshot_of

if TYPE_CHECKING:
    from ...protocol.frames import RecordFields, TraceFrame
    from ..channel import Channel

SECONDS_BETWEEN = 0.05
MOST_RECORDS = 5_000
MOST_POINTS = 2_000
RECORDS_OF_A_FRAME = 500
MOST_BYTES = 1 << 19
LONGEST_NAME = 60
ABSENT = object()


class Tracer:
    """The functions that a draft's instrumented code calls.

    Attributes:
        snapshots: the last value of each trace point, by its number.
        is_repeating: whether the code runs for the second time; it is then not counted or sent.
    """

    def __init__(self, channel: Channel, lines: list[str], points: list[TracePoint]) -> None:
        self._channel = channel
        self._lines = [line.encode() for line in lines]
        self._points = points
        self.snapshots: dict[int, ValueSnapshot] = {}
        self._formulas = ShapeFormulas(points, self.snapshots)
        self.is_repeating = False
        self._counts: dict[int, int] = {}
        self._first_shapes: dict[int, tuple[int, ...]] = {}
        self._unsent: dict[int, None] = {}
        self._begun: set[int] = set()
        self._sent: set[int] = set()
        self._records = MOST_RECORDS
        self._bytes = MOST_BYTES
        self._clock = time.perf_counter
        self._next = 0.0
        self.line = 0

    def helpers(self) -> dict[str, Any]:
        """The functions that instrumented code calls, by name."""
        return {VALUE: self.value, AT: self.at, NAMED: self.named, STORED: stored}

    def value(self, number: int, value: Any) -> Any:
        """Record the value of an expression, and return it."""
        self._record(number, snapshot_of(value))
        return value

    def named(self, first: int, *values: Any) -> None:
        """Record the values of names."""
        for number, value in enumerate(values, start=first):
            if value is not ABSENT:
                self._record(number, snapshot_of(value))

    def _record(self, number: int, snapshot: ValueSnapshot) -> None:
        if self.is_repeating:
            self.snapshots[number] = snapshot
            return
        count = self._counts.get(number, 0)
        if count == 0:
            self._first_shapes[number] = snapshot.shape
        self._counts[number] = count + 1
        self.snapshots[number] = snapshot
        self._unsent[number] = None

    def at(self, line: int) -> None:
        """A statement begins. Earlier records are sent, in case this one never ends."""
        self.line = line
        if line not in self._begun:
            self._begun.add(line)
            self.flush()
        elif self._clock() > self._next:
            self.flush()

    def flush(self) -> None:
        """Send new records."""
        unsent = [number for number in self._unsent if number < len(self._points)]
        self._unsent.clear()
        while True:
            payload = Payload()
            fields = [self._fields(number, payload) for number in unsent[:RECORDS_OF_A_FRAME]]
            header: TraceFrame = {
                "frame": "trace",
                "line": self.line,
                "records": [record for record in fields if record is not None],
            }
            self._channel.send(header, payload.buffers)
            unsent = unsent[RECORDS_OF_A_FRAME:]
            if not unsent:
                break
        self._next = self._clock() + SECONDS_BETWEEN

    def _fields(self, number: int, payload: Payload) -> RecordFields | None:
        """A record as it is sent; None where it is of no interest or over the caps."""
        point, snapshot = self._points[number], self.snapshots[number]
        is_known = number in self._sent or len(self._sent) < MOST_POINTS
        if snapshot.kind in ("nothing", "object") or self._records == 0 or not is_known:
            return None
        self._sent.add(number)
        self._records -= 1
        has_room = snapshot.entries is not None and snapshot.entries.nbytes <= self._bytes
        if has_room and snapshot.entries is not None:
            self._bytes -= snapshot.entries.nbytes
        formula = ""
        if point.role != "inner" and point.node is not None:
            formula = self._formulas.of(number)
        first_shape = self._first_shapes[number]
        return {
            **snapshot.fields(payload if has_room else None),
            "number": number,
            "line": point.line,
            "role": point.role,
            "name": point.name[:LONGEST_NAME] or self.text_of(point.node),
            "formula": formula,
            "count": self._counts[number],
            "first_shape": None if first_shape == snapshot.shape else list(first_shape),
        }

    def text_of(self, node: Any) -> str:
        """The source of an expression, on one line, shortened where it is long."""
        if node is None or not 0 < node.lineno <= len(self._lines):
            return ""
        line = self._lines[node.lineno - 1]
        last = node.end_col_offset if node.end_lineno == node.lineno else len(line)
        text = line[node.col_offset : last].decode(errors="replace")
        is_whole = node.end_lineno == node.lineno and len(text) <= LONGEST_NAME
        return text if is_whole else text[: LONGEST_NAME - 1].rstrip() + "…"


def attributes(owner: Any) -> dict[str, Any]:
    """An object's own attributes, read without running code of its class."""
    try:
        table = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return {}
    return table if type(table) is dict else {}


def stored(owner: Any, name: str) -> Any:
    """An attribute that was just assigned."""
    return attributes(owner).get(name, ABSENT)
