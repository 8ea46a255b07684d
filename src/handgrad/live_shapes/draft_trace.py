"""Reads the frames of a traced draft: the value of every expression, and where the draft failed.

Every field is checked, as in any frame of a child. A trace is shown to the draft's author and used for
nothing else: no verdict is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

from handgrad.diagnosis.case import Raised
from handgrad.judging.run_report import LoadProblem, read_next, read_problem, read_raised
from handgrad.judging.untrusted_fields import (
    a_list,
    a_map,
    a_text,
    an_object,
    count_or_none,
    one_of,
)
from handgrad.languages import printable
from handgrad.sandbox import Ended, Ending
from handgrad.sandbox.child.draft.value_snapshot import ValueSnapshot
from handgrad.sandbox.child_monitor import Frame, kind_of
from handgrad.sandbox.protocol.buffers import untrusted_array
from handgrad.sandbox.protocol.frames import (
    DraftClassFrame,
    DraftFrameKind,
    DraftLoadedFrame,
    LeftOutFrame,
    OperandFields,
    OperationFields,
    OperationKind,
    PointRole,
    RecordFields,
    Sent,
    SnapshotFields,
    SnapshotKind,
    TraceFrame,
)
from handgrad.sandbox.protocol.wire import BrokenFrame

ROLES: tuple[PointRole, ...] = get_args(PointRole)
KINDS: tuple[SnapshotKind, ...] = get_args(SnapshotKind)
OPERATIONS: tuple[OperationKind, ...] = get_args(OperationKind)
MOST_RECORDS = 2_000
MOST_FRAMES = 20_000
MOST_BYTES = 1 << 20
MOST_ENTRIES = 512
MOST_AXES = 32
LONGEST_NAME = 80
LONGEST_FORMULA = 200
LARGEST = 2**62


@dataclass(frozen=True)
class TraceRecord:
    """The last value of one expression or name of the draft, and how often it was evaluated."""

    line: int
    role: PointRole
    name: str
    formula: str
    count: int
    value: ValueSnapshot
    first_shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Operand:
    """An operand of the operation that failed.

    Attributes:
        text: its source text.
        value: its shape and type.
        number: its value where it is an integer.
        parts: its elements where it is written as a tuple or list.
    """

    text: str
    value: ValueSnapshot
    number: int | None
    parts: tuple[Operand, ...] = ()

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of an array."""
        return self.value.shape if self.value.kind == "array" else None


@dataclass(frozen=True)
class FailedOperation:
    """The operation that raised.

    Attributes:
        does: ``operator``, ``in-place``, ``call``, ``index``, ``store``, ``attribute``, ``name`` or
            ``unpack``.
        sign: the operator, or the name of the function, the attribute or the variable.
        operands: its operands, in order.
        named: keyword arguments.
        has: the names that exist, where one was not found.
        self_has: the attributes of ``self``.
        inside: the given method that raised; empty in the draft itself.
    """

    does: OperationKind
    sign: str
    operands: tuple[Operand, ...]
    named: dict[str, Operand] = field(default_factory=dict)
    has: tuple[str, ...] = ()
    self_has: tuple[str, ...] = ()
    inside: str = ""


@dataclass(frozen=True)
class DraftFailure:
    """An exception, and the operation that raised it where that is known."""

    raised: Raised
    operation: FailedOperation | None


@dataclass
class ClassTrace:
    """How one class ran."""

    name: str
    problem: LoadProblem | None = None
    failure: DraftFailure | None = None


@dataclass
class DraftTrace:
    """Everything that a draft's process reported.

    Attributes:
        records: one for each expression, in the order of their first evaluation.
        line: the line that was running when the last frame was sent.
        is_loaded: whether the file ran to its end.
        left_out: the first line with a syntax error, where the draft ran without such lines.
        problem: why the file did not run to its end.
        failure: the exception, where that is the reason.
        classes: how each class ran, in order.
        ended: how the process ended.
    """

    records: dict[int, TraceRecord] = field(default_factory=dict)
    line: int | None = None
    is_loaded: bool = False
    left_out: LoadProblem | None = None
    problem: LoadProblem | None = None
    failure: DraftFailure | None = None
    classes: list[ClassTrace] = field(default_factory=list)
    ended: Ended = field(default_factory=lambda: Ended(Ending.EXITED))


def read_trace(frames: Iterable[Frame | Ended], class_names: tuple[str, ...]) -> DraftTrace:
    """Read a draft's frames to their end. An invalid frame ends the trace; what came before it is kept."""
    reader = _TraceBuilder(class_names)
    arriving, ended = iter(frames), None
    while ended is None:
        ended = read_next(arriving, reader.take)
    reader.trace.ended = ended
    return reader.trace


class _TraceBuilder:
    def __init__(self, class_names: tuple[str, ...]) -> None:
        self.class_names = class_names
        self.trace = DraftTrace()
        self.frames = MOST_FRAMES
        self.bytes = MOST_BYTES

    def take(self, header: dict[str, Any], payload: bytearray) -> None:
        """Take one frame."""
        self.frames -= 1
        self.bytes -= len(payload)
        if self.frames < 0 or self.bytes < 0:
            raise BrokenFrame("more frames or bytes than a draft sends")
        trace = self.trace
        kind: Sent[DraftFrameKind] = kind_of(header)
        if kind == "trace":
            frame = an_object(header, TraceFrame)
            trace.line = count_or_none(frame["line"]) or trace.line
            for record in a_list(frame["records"]):
                self._record(an_object(record, RecordFields), payload)
        elif kind == "left-out" and not trace.is_loaded and trace.left_out is None:
            trace.left_out = read_problem(an_object(header, LeftOutFrame)["problem"])
        elif kind == "loaded" and not trace.is_loaded and trace.problem is None:
            trace.problem = read_problem(an_object(header, DraftLoadedFrame)["problem"])
            trace.is_loaded = trace.problem is None
            if trace.problem is not None and trace.problem.raised is not None:
                operation = _operation(trace.problem.facts.get("operation"))
                trace.failure = DraftFailure(trace.problem.raised, operation)
        elif kind == "class" and trace.is_loaded and len(trace.classes) < len(self.class_names):
            self._class(an_object(header, DraftClassFrame))
        else:
            raise BrokenFrame("a frame of another kind or out of order")

    def _class(self, frame: DraftClassFrame) -> None:
        name = frame["name"]
        if name != self.class_names[len(self.trace.classes)]:
            raise BrokenFrame("a class that was not requested")
        one = ClassTrace(self.class_names[len(self.trace.classes)])
        one.problem = read_problem(frame["problem"])
        raised = frame["raised"]
        if raised is not None:
            operation = _operation(frame["operation"])
            one.failure = DraftFailure(read_raised(raised), operation)
        self.trace.classes.append(one)

    def _record(self, fields: RecordFields, payload: bytearray) -> None:
        number, line = _count(fields["number"]), _count(fields["line"])
        if number not in self.trace.records and len(self.trace.records) >= MOST_RECORDS:
            raise BrokenFrame("more expressions than a draft has")
        first = fields["first_shape"]
        self.trace.records[number] = TraceRecord(
            line=line,
            role=one_of(fields["role"], ROLES),
            name=_shown(fields["name"], LONGEST_NAME),
            formula=_shown(fields["formula"], LONGEST_FORMULA),
            count=_count(fields["count"]),
            value=_value(fields, payload),
            first_shape=None if first is None else _shape(first),
        )


def _value(fields: SnapshotFields, payload: bytearray) -> ValueSnapshot:
    entries = fields["entries"]
    array = None if entries is None else untrusted_array(entries, payload)
    if array is not None and (array.size > MOST_ENTRIES or array.ndim > MOST_AXES):
        raise BrokenFrame("more entries than are shown")
    return ValueSnapshot(
        kind=one_of(fields["kind"], KINDS),
        shape=_shape(fields["shape"]),
        dtype=_shown(fields["dtype"], LONGEST_NAME),
        entries=array,
        is_cut=fields["cut"] is True,
        shapes=tuple(_shape(one) for one in a_list(fields["shapes"])[:MOST_AXES]),
    )


def _operation(value: object) -> FailedOperation | None:
    if value is None:
        return None
    fields = an_object(value, OperationFields)
    return FailedOperation(
        does=one_of(fields["does"], OPERATIONS),
        sign=_shown(fields["sign"], LONGEST_NAME),
        operands=_operands(fields["operands"], depth=3),
        named={
            _shown(name, LONGEST_NAME): _operand(one, depth=3)
            for name, one in list(a_map(fields["named"] or {}).items())[:MOST_AXES]
        },
        has=_names(fields["has"] or []),
        self_has=_names(fields["self_has"] or []),
        inside=_shown(fields["inside"] or "", LONGEST_NAME),
    )


def _operands(values: object, depth: int) -> tuple[Operand, ...]:
    if depth == 0:
        return ()
    return tuple(_operand(one, depth) for one in a_list(values)[:MOST_AXES])


def _operand(value: object, depth: int) -> Operand:
    fields = an_object(value, OperandFields)
    number = fields["number"]
    return Operand(
        text=_shown(fields["text"], LONGEST_NAME),
        value=_value(fields, bytearray()),
        number=number if type(number) is int and abs(number) < LARGEST else None,
        parts=_operands(fields["parts"] or [], depth - 1),
    )


def _names(names: object) -> tuple[str, ...]:
    return tuple(_shown(name, LONGEST_NAME) for name in a_list(names))


def _shown(value: object, longest: int) -> str:
    """A text to be shown: on one line, control characters escaped."""
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
