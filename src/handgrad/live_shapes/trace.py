"""From the frames of a followed draft to what was seen. Every field is checked, as with any child.

A trace is shown to the author of the draft and used for nothing else: there is no way from here to a
verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from handgrad.diagnosis.case import Array, Raised
from handgrad.judging.observation import Trouble, read_raised, read_trouble
from handgrad.judging.untrusted import a_list, a_text, an_object, count_or_none
from handgrad.languages import printable
from handgrad.sandbox import Ended, Ending
from handgrad.sandbox.child.buffers import untrusted_array
from handgrad.sandbox.child.instrument import ALONE, ASSIGNED, INNER, PARAMETER, RETURNED
from handgrad.sandbox.child.noted import ARRAY, NOTHING, NUMBER, OBJECT, SEVERAL, SIZES
from handgrad.sandbox.child.wire import BrokenFrame
from handgrad.sandbox.watch import Frame

ROLES = (INNER, ASSIGNED, RETURNED, PARAMETER, ALONE)
KINDS = (ARRAY, NUMBER, SIZES, SEVERAL, NOTHING, OBJECT)
MOST_RECORDS = 2_000
MOST_FRAMES = 20_000
MOST_BYTES = 1 << 20
MOST_HEADER_BYTES = 4 << 20
MOST_ENTRIES = 512
MOST_AXES = 32
LONGEST_NAME = 80
LONGEST_FORMULA = 200
LARGEST = 2**62


@dataclass(frozen=True)
class Thing:
    """A value as the draft's process describes it.

    Attributes:
        kind: what it is, see `handgrad.sandbox.child.noted`.
        shape: of an array; the numbers of a row of numbers.
        dtype: of an array or a number; else the type's name.
        entries: those that are shown.
        is_cut: whether there are more.
        shapes: of each array of a row of arrays.
    """

    kind: str
    shape: tuple[int, ...] = ()
    dtype: str = ""
    entries: Array | None = None
    is_cut: bool = False
    shapes: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Record:
    """What a place of the draft gave last, and how often it was passed."""

    line: int
    role: str
    name: str
    formula: str
    count: int
    thing: Thing
    first_shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Operand:
    """What an operation worked on: its source text, what it was, its parts if it is written as a row.

    `number`: its value, where it is one whole number.
    """

    text: str
    thing: Thing
    number: int | None
    parts: tuple[Operand, ...] = ()

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of an array."""
        return self.thing.shape if self.thing.kind == ARRAY else None


@dataclass(frozen=True)
class Operation:
    """The operation that raised.

    Attributes:
        does: ``operator``, ``in-place``, ``call``, ``index``, ``store``, ``attribute``, ``name`` or
            ``unpack``.
        sign: the operator, or the name of the function, the attribute or the variable.
        operands: what it worked on.
        named: keyword arguments.
        has: names that there are, where one was not found.
        self_has: attributes that ``self`` has.
        inside: the given method that it happened in; empty in the draft itself.
    """

    does: str
    sign: str
    operands: tuple[Operand, ...]
    named: dict[str, Operand] = field(default_factory=dict)
    has: tuple[str, ...] = ()
    self_has: tuple[str, ...] = ()
    inside: str = ""


@dataclass(frozen=True)
class Failure:
    """An exception, and the operation that raised it where that is known."""

    raised: Raised
    operation: Operation | None


@dataclass
class ClassTrace:
    """What became of one class."""

    name: str
    trouble: Trouble | None = None
    failure: Failure | None = None


@dataclass
class Trace:
    """What was seen of a draft.

    Attributes:
        records: what each place gave, in the order in which the places were first passed.
        line: the line that was running when something was heard last.
        is_loaded: whether the file ran to its end.
        left_out: the first line that Python cannot read, where the draft ran without such lines.
        trouble: why it did not.
        failure: the exception, where that is why.
        classes: what became of each class, in order.
        ended: how the process ended.
    """

    records: dict[int, Record] = field(default_factory=dict)
    line: int | None = None
    is_loaded: bool = False
    left_out: Trouble | None = None
    trouble: Trouble | None = None
    failure: Failure | None = None
    classes: list[ClassTrace] = field(default_factory=list)
    ended: Ended = field(default_factory=lambda: Ended(Ending.EXITED))


def read_trace(frames: Iterable[Frame | Ended], class_names: tuple[str, ...]) -> Trace:
    """Read a followed draft to its end; what is no frame of ours ends it, and what came before stays."""
    reader = _Reader(class_names)
    for arrived in frames:
        if isinstance(arrived, Ended):
            reader.trace.ended = arrived
            break
        try:
            reader.take(*arrived)
        except BrokenFrame as broken:
            reader.trace.ended = Ended(Ending.BROKEN_PROTOCOL, str(broken))
            break
    return reader.trace


class _Reader:
    def __init__(self, class_names: tuple[str, ...]) -> None:
        self.class_names = class_names
        self.trace = Trace()
        self.frames = MOST_FRAMES
        self.bytes = MOST_BYTES

    def take(self, header: dict[str, Any], payload: bytearray) -> None:
        """Take one frame."""
        self.frames -= 1
        self.bytes -= len(payload)
        if self.frames < 0 or self.bytes < 0:
            raise BrokenFrame("more than is told of a draft")
        kind, trace = header.get("frame"), self.trace
        if kind == "trace":
            trace.line = count_or_none(header.get("line")) or trace.line
            for told in a_list(header.get("records")):
                self._record(an_object(told), payload)
        elif kind == "left-out" and not trace.is_loaded and trace.left_out is None:
            trace.left_out = read_trouble(header.get("problem"))
        elif kind == "loaded" and not trace.is_loaded and trace.trouble is None:
            trace.trouble = read_trouble(header.get("problem"))
            trace.is_loaded = trace.trouble is None
            if trace.trouble is not None and trace.trouble.raised is not None:
                operation = _operation(trace.trouble.facts.get("operation"))
                trace.failure = Failure(trace.trouble.raised, operation)
        elif kind == "class" and trace.is_loaded and len(trace.classes) < len(self.class_names):
            self._class(header)
        else:
            raise BrokenFrame("a frame that has no place here")

    def _class(self, header: dict[str, Any]) -> None:
        name = header.get("name")
        if name != self.class_names[len(self.trace.classes)]:
            raise BrokenFrame("a class that was not asked for")
        one = ClassTrace(self.class_names[len(self.trace.classes)])
        one.trouble = read_trouble(header.get("problem"))
        raised = header.get("raised")
        if raised is not None:
            operation = _operation(header.get("operation"))
            one.failure = Failure(read_raised(an_object(raised)), operation)
        self.trace.classes.append(one)

    def _record(self, told: dict[str, Any], payload: bytearray) -> None:
        number, line = _count(told.get("number")), _count(told.get("line"))
        if number not in self.trace.records and len(self.trace.records) >= MOST_RECORDS:
            raise BrokenFrame("more places than a draft has")
        first = told.get("first_shape")
        self.trace.records[number] = Record(
            line=line,
            role=_one_of(told.get("role"), ROLES),
            name=_shown(told.get("name"), LONGEST_NAME),
            formula=_shown(told.get("formula"), LONGEST_FORMULA),
            count=_count(told.get("count")),
            thing=_thing(told, payload),
            first_shape=None if first is None else _shape(first),
        )


def _thing(told: dict[str, Any], payload: bytearray) -> Thing:
    entries = told.get("entries")
    array = None if entries is None else untrusted_array(entries, payload)
    if array is not None and (array.size > MOST_ENTRIES or array.ndim > MOST_AXES):
        raise BrokenFrame("more entries than are shown")
    return Thing(
        kind=_one_of(told.get("kind"), KINDS),
        shape=_shape(told.get("shape")),
        dtype=_shown(told.get("dtype"), LONGEST_NAME),
        entries=array,
        is_cut=told.get("cut") is True,
        shapes=tuple(_shape(one) for one in a_list(told.get("shapes"))[:MOST_AXES]),
    )


def _operation(told: object) -> Operation | None:
    if told is None:
        return None
    facts = an_object(told)
    return Operation(
        does=_shown(facts.get("does"), LONGEST_NAME),
        sign=_shown(facts.get("sign"), LONGEST_NAME),
        operands=_operands(facts.get("operands"), depth=3),
        named={
            _shown(name, LONGEST_NAME): _operand(one, depth=3)
            for name, one in list(an_object(facts.get("named", {})).items())[:MOST_AXES]
        },
        has=_names(facts.get("has", [])),
        self_has=_names(facts.get("self_has", [])),
        inside=_shown(facts.get("inside", ""), LONGEST_NAME),
    )


def _operands(told: object, depth: int) -> tuple[Operand, ...]:
    if depth == 0:
        return ()
    return tuple(_operand(one, depth) for one in a_list(told)[:MOST_AXES])


def _operand(told: object, depth: int) -> Operand:
    facts = an_object(told)
    number = facts.get("number")
    return Operand(
        text=_shown(facts.get("text"), LONGEST_NAME),
        thing=_thing(facts, bytearray()),
        number=number if type(number) is int and abs(number) < LARGEST else None,
        parts=_operands(facts.get("parts", []), depth - 1),
    )


def _names(told: object) -> tuple[str, ...]:
    return tuple(_shown(name, LONGEST_NAME) for name in a_list(told))


def _shown(value: object, longest: int) -> str:
    """A text that is going to be shown: on one line, and no terminal obeys it."""
    return printable(a_text(value, longest)).replace("\n", " ")[:longest]


def _shape(value: object) -> tuple[int, ...]:
    if type(value) is not list or len(value) > MOST_AXES:
        raise BrokenFrame("a shape was expected")
    for n in value:
        if type(n) is not int or abs(n) >= LARGEST:
            raise BrokenFrame("a shape was expected")
    return tuple(value)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < LARGEST:
        raise BrokenFrame("a count was expected")
    return value


def _one_of(value: object, words: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in words:
        raise BrokenFrame("a word of ours was expected")
    return value


def product_of(shape: Iterable[int]) -> int:
    """How many entries an array of that shape has."""
    return math.prod(shape)
