"""Follows a draft while it runs: what each place gave last, how often, and which line is running.

What it gathers is sent in frames ``trace`` as the draft goes on, so that what came before an endless
loop is known even when the process is ended. Nothing that it says is evidence of anything: it is shown
to the author of the draft, and to nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Protocol

from ...protocol.buffers import Payload
from ...protocol.wire import Buffer
from .instrumentation import AT, INNER, NAMED, STORED, VALUE, Instrumented, Place
from .shape_formula import Formulas
from .traced_value import NOTHING, OBJECT, Noted, noted

SECONDS_BETWEEN = 0.05
MOST_RECORDS = 5_000
MOST_PLACES = 2_000
RECORDS_OF_A_FRAME = 500
MOST_BYTES = 1 << 19
LONGEST_NAME = 60
ABSENT = object()


class Sender(Protocol):
    """Where the frames go."""

    def send(self, header: dict[str, Any], buffers: Iterable[Buffer] = ()) -> None:
        """Send one frame."""


class Tracer:
    """What a draft's instrumented code calls.

    Attributes:
        notes: what each place gave last, by its number.
        is_repeating: whether what runs has run before, and is not to be counted and told again.
    """

    def __init__(self, channel: Sender, lines: list[str]) -> None:
        self._channel = channel
        self._lines = [line.encode() for line in lines]
        self._places: list[Place] = []
        self._formulas = Formulas(self._places, {})
        self.notes: dict[int, Noted] = {}
        self.is_repeating = False
        self._counts: dict[int, int] = {}
        self._first_shapes: dict[int, tuple[int, ...]] = {}
        self._fresh: dict[int, None] = {}
        self._begun: set[int] = set()
        self._told: set[int] = set()
        self._records = MOST_RECORDS
        self._bytes = MOST_BYTES
        self._clock = time.perf_counter
        self._next = 0.0
        self.line = 0

    def follow(self, draft: Instrumented) -> None:
        """Take the places of a draft that is about to run."""
        self._places = draft.places
        self._formulas = Formulas(self._places, self.notes)

    def helpers(self) -> dict[str, Any]:
        """The functions that instrumented code calls, by name."""
        return {VALUE: self.value, AT: self.at, NAMED: self.named, STORED: stored}

    def value(self, number: int, value: Any) -> Any:
        """Note what an expression gives, and give it on."""
        self._note(number, noted(value))
        return value

    def named(self, first: int, *values: Any) -> None:
        """Note what names hold."""
        for number, value in enumerate(values, start=first):
            if value is not ABSENT:
                self._note(number, noted(value))

    def _note(self, number: int, one: Noted) -> None:
        if self.is_repeating:
            self.notes[number] = one
            return
        count = self._counts.get(number, 0)
        if count == 0:
            self._first_shapes[number] = one.shape
        self._counts[number] = count + 1
        self.notes[number] = one
        self._fresh[number] = None

    def at(self, line: int) -> None:
        """A statement begins. What came before is sent, should this one never end."""
        self.line = line
        if line not in self._begun:
            self._begun.add(line)
            self.flush()
        elif self._clock() > self._next:
            self.flush()

    def flush(self) -> None:
        """Send what is new."""
        fresh = [number for number in self._fresh if number < len(self._places)]
        self._fresh.clear()
        while True:
            payload = Payload()
            told = [self._record(number, payload) for number in fresh[:RECORDS_OF_A_FRAME]]
            records = [record for record in told if record is not None]
            header = {"frame": "trace", "line": self.line, "records": records}
            self._channel.send(header, payload.buffers)
            fresh = fresh[RECORDS_OF_A_FRAME:]
            if not fresh:
                break
        self._next = self._clock() + SECONDS_BETWEEN

    def _record(self, number: int, payload: Payload) -> dict[str, Any] | None:
        place, one = self._places[number], self.notes[number]
        is_known = number in self._told or len(self._told) < MOST_PLACES
        if one.kind in (NOTHING, OBJECT) or self._records == 0 or not is_known:
            return None
        self._told.add(number)
        self._records -= 1
        has_room = one.entries is not None and one.entries.nbytes <= self._bytes
        if has_room and one.entries is not None:
            self._bytes -= one.entries.nbytes
        formula = ""
        if place.role != INNER and place.node is not None:
            formula = self._formulas.of(number)
        record = one.told(payload if has_room else None) | {
            "number": number,
            "line": place.line,
            "role": place.role,
            "name": place.name[:LONGEST_NAME] or self.text_of(place.node),
            "formula": formula,
            "count": self._counts[number],
        }
        if self._first_shapes[number] != one.shape:
            record["first_shape"] = list(self._first_shapes[number])
        return record

    def text_of(self, node: Any) -> str:
        """The source of an expression, on one line and not too long."""
        if node is None or not 0 < node.lineno <= len(self._lines):
            return ""
        line = self._lines[node.lineno - 1]
        last = node.end_col_offset if node.end_lineno == node.lineno else len(line)
        text = line[node.col_offset : last].decode(errors="replace")
        is_whole = node.end_lineno == node.lineno and len(text) <= LONGEST_NAME
        return text if is_whole else text[: LONGEST_NAME - 1].rstrip() + "…"


def stored(owner: Any, name: str) -> Any:
    """An attribute that was just assigned, read past whatever the class does at reading."""
    try:
        table = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return ABSENT
    return table.get(name, ABSENT) if type(table) is dict else ABSENT
