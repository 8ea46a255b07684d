"""Reads the frames of a child into the report of a run. Every field is checked: nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from handgrad.diagnosis.case import Array, NumpyWarning, Observation, Raised, Received
from handgrad.judging.untrusted_fields import (
    a_list,
    a_map,
    a_text,
    an_object,
    count_or_none,
    one_of,
    seconds,
    text_or_none,
)
from handgrad.sandbox import DEFAULT_LIMITS, Ended, Ending, Limits
from handgrad.sandbox.child_monitor import Frame, kind_of
from handgrad.sandbox.protocol.buffers import untrusted_array
from handgrad.sandbox.protocol.frames import (
    AnswerFrameKind,
    CaseFrame,
    ClassFrame,
    ExceptionFields,
    LoadedFrame,
    PrintedFrame,
    ProblemFacts,
    ProblemFields,
    Sent,
    ValueFields,
    ValueKind,
    WarningFields,
)
from handgrad.sandbox.protocol.wire import BrokenFrame

VALUE_KINDS: tuple[ValueKind, ...] = get_args(ValueKind)


@dataclass(frozen=True)
class LoadProblem:
    """Why an answer or a class could not be run.

    Attributes:
        kind: a kind of `ProblemKind`, as the child says.
        line: of the answer, where known.
        column: as a person counts it.
        facts: what the message is made of, see `ProblemFacts`; unchecked.
        raised: the exception, where there was one.
        source_line: the text of the line.
    """

    kind: str
    line: int | None
    column: int | None
    facts: dict[str, Any]
    raised: Raised | None = None
    source_line: str | None = None


@dataclass
class ClassReport:
    """What a run reported of one class.

    Attributes:
        name: of the class.
        problem: why it could not be run.
        calls_forward: a method other than forward seems to call it.
        loops: the code has a loop.
        observations: one for each case, in order.
        source_lines: the lines of the answer that raised, by number.
        printed: what the class printed.
        is_complete: whether all its cases ran, or it could not be run.
    """

    name: str
    problem: LoadProblem | None = None
    calls_forward: bool = False
    loops: bool = False
    observations: list[Observation] = field(default_factory=list)
    source_lines: dict[int, str] = field(default_factory=dict)
    printed: str = ""
    is_complete: bool = False


@dataclass
class RunReport:
    """Everything that a child reported of one run of an answer."""

    ended: Ended = field(default_factory=lambda: Ended(Ending.EXITED))
    is_loaded: bool = False
    problem: LoadProblem | None = None
    guessed_encoding: str | None = None
    defines: tuple[str, ...] = ()
    printed_before: str = ""
    classes: dict[str, ClassReport] = field(default_factory=dict)


def read_next(
    frames: Iterator[Frame | Ended], take: Callable[[dict[str, Any], bytearray], None]
) -> Ended | None:
    """Let `take` read the next frame. How the run ended, once it has; an invalid frame ends it too."""
    arrived = next(frames, Ended(Ending.EXITED))
    if isinstance(arrived, Ended):
        return arrived
    try:
        take(*arrived)
    except BrokenFrame as broken:
        return Ended(Ending.BROKEN_PROTOCOL, str(broken))
    return None


class RunReader:
    """Reads a run while it goes on: up to a case, or to its end."""

    def __init__(
        self,
        frames: Iterable[Frame | Ended],
        cases: dict[str, int],
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Prepare to read; nothing is read yet.

        Args:
            frames: what the child sends.
            cases: the number of cases of each class, in order.
            limits: a child that sends more than they allow is read no further, so that it cannot fill
                the judge's memory.
        """
        self._frames = iter(frames)
        self._cases = cases
        self._room_for_arrays = (
            limits.carried_bytes + limits.carried_bytes // 8
        )  # and their padding
        self._room_for_text = limits.printed_bytes
        self._report = RunReport()
        self._current: ClassReport | None = None
        self._is_over = False

    def to_its_end(self) -> RunReport:
        """Read everything, and give the report."""
        while not self._is_over:
            self._read_one()
        return self._report

    def observations(self, class_name: str, count: int) -> list[Observation]:
        """At least the first `count` of a class, or as many as came before the run ended."""
        while True:
            seen = self._report.classes.get(class_name)
            if self._is_over or (seen is not None and len(seen.observations) >= count):
                return [] if seen is None else seen.observations
            self._read_one()

    def _read_one(self) -> None:
        ended = read_next(self._frames, self._take)
        if ended is not None:
            self._report.ended = ended
            self._is_over = True

    def _take(self, header: dict[str, Any], payload: bytearray) -> None:
        """Take one frame, in the order in which a child sends them."""
        kind: Sent[AnswerFrameKind] = kind_of(header)
        self._room_for_arrays -= len(payload)
        if self._room_for_arrays < 0:
            raise BrokenFrame("more array bytes than a child may send")
        if kind == "printed":
            self._printed(an_object(header, PrintedFrame))
        elif kind == "loaded" and not self._report.is_loaded:
            self._loaded(an_object(header, LoadedFrame))
        elif kind == "class" and self._report.is_loaded:
            self._class(an_object(header, ClassFrame))
        elif kind == "case" and self._current is not None:
            self._case(self._current, an_object(header, CaseFrame), payload)
        elif kind == "class-end" and self._current is not None:
            self._class_end(self._current)
        else:
            raise BrokenFrame("a frame of another kind or out of order")

    def _printed(self, frame: PrintedFrame) -> None:
        text = a_text(frame["text"], 1 << 20)
        self._room_for_text -= len(text.encode())
        if self._room_for_text < 0:
            raise BrokenFrame("more printed text than a child may send")
        if self._current is not None:
            self._current.printed += text
        else:
            self._report.printed_before += text

    def _loaded(self, frame: LoadedFrame) -> None:
        self._report.is_loaded = True
        self._report.problem = read_problem(frame["problem"])
        self._report.guessed_encoding = text_or_none(frame["guessed_encoding"])
        names = frame["defines"]
        if isinstance(names, list):
            self._report.defines = tuple(a_text(name) for name in names)

    def _class(self, frame: ClassFrame) -> None:
        name = frame["name"]
        if not isinstance(name, str) or name not in self._cases or name in self._report.classes:
            raise BrokenFrame("a class that was not requested")
        report = ClassReport(
            name,
            read_problem(frame["problem"]),
            calls_forward=frame["calls_forward"] is True,
            loops=frame["loops"] is True,
        )
        report.printed, self._report.printed_before = self._report.printed_before, ""
        self._report.classes[name] = report
        report.is_complete = report.problem is not None
        self._current = None if report.is_complete else report

    def _case(self, current: ClassReport, frame: CaseFrame, payload: bytearray) -> None:
        if frame["number"] != len(current.observations) or (
            len(current.observations) >= self._cases[current.name]
        ):
            raise BrokenFrame("a case out of order")
        observation = _observation(frame, payload)
        current.observations.append(observation)
        if observation.raised is not None:
            shown = text_or_none(an_object(frame["raised"], ExceptionFields)["source_line"])
            if observation.raised.line is not None and shown is not None:
                current.source_lines[observation.raised.line] = shown

    def _class_end(self, current: ClassReport) -> None:
        if len(current.observations) != self._cases[current.name]:
            raise BrokenFrame("a class that ends before its cases do")
        current.is_complete = True
        self._current = None


def _observation(frame: CaseFrame, payload: bytearray) -> Observation:
    raised = frame["raised"]
    return Observation(
        values={
            a_text(name): _received(value, payload)
            for name, value in a_map(frame["values"]).items()
        },
        inputs_after=_arrays(frame["inputs_after"], payload),
        overwritten=tuple(a_text(name) for name in a_list(frame["overwritten"])),
        raised=None if raised is None else read_raised(raised),
        numpy_warnings=tuple(_numpy_warning(warning) for warning in a_list(frame["warned"])),
        seconds=seconds(frame["seconds"]),
    )


def _numpy_warning(value: object) -> NumpyWarning:
    fields = an_object(value, WarningFields)
    return NumpyWarning(
        a_text(fields["message"]),
        count_or_none(fields["line"]) or 0,
        fields["in_region"] is True,
    )


def _arrays(value: object, payload: bytearray) -> dict[str, Array]:
    return {a_text(name): untrusted_array(one, payload) for name, one in a_map(value).items()}


def _received(value: object, payload: bytearray) -> Received:
    fields = an_object(value, ValueFields)
    kind = one_of(fields["kind"], VALUE_KINDS)
    return Received(
        kind=kind,
        type_name=a_text(fields["type"]),
        array=untrusted_array(fields["array"], payload) if kind == "array" else None,
        other_attributes=_arrays(fields["others"], payload),
        is_local_variable=fields["is_local_variable"] is True,
    )


def read_raised(report: object) -> Raised:
    """An exception as a child reports it."""
    fields = an_object(report, ExceptionFields)
    return Raised(
        type_name=a_text(fields["type"]),
        message=a_text(fields["message"]),
        line=count_or_none(fields["line"]),
        column=count_or_none(fields["column"]),
        in_answer=fields["in_answer"] is True,
        refused=fields["refused"] is True,
        out_of_memory=fields["out_of_memory"] is True,
        ended_process=fields["ended_process"] is True,
        is_import_error=fields["is_import_error"] is True,
        import_name=text_or_none(fields["import_name"]),
    )


def read_problem(problem: object) -> LoadProblem | None:
    """A problem as a child reports it; None where there was none."""
    if problem is None:
        return None
    fields = an_object(problem, ProblemFields)
    facts = an_object(fields["facts"], ProblemFacts)
    raised: object = facts["raised"]
    with_line = an_object(raised, ExceptionFields) if isinstance(raised, dict) else facts
    return LoadProblem(
        kind=a_text(fields["kind"]),
        line=count_or_none(fields["line"]),
        column=count_or_none(fields["column"]),
        facts=cast("dict[str, Any]", facts),
        raised=read_raised(raised) if isinstance(raised, dict) else None,
        source_line=text_or_none(with_line["source_line"]),
    )
