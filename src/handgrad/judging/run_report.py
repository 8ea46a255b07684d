"""Reads the frames of a child into the report of a run. Every field is checked: nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from handgrad.diagnosis.case import Array, NumpyWarning, Observation, Raised, Received
from handgrad.judging.untrusted_fields import (
    a_list,
    a_text,
    an_object,
    count_or_none,
    seconds,
    text_or_none,
)
from handgrad.sandbox import DEFAULT_LIMITS, Ended, Ending, Limits
from handgrad.sandbox.child_monitor import Frame
from handgrad.sandbox.protocol.buffers import untrusted_array
from handgrad.sandbox.protocol.wire import BrokenFrame

KINDS = ("array", "nothing", "tuple", "missing", "object")


@dataclass(frozen=True)
class LoadProblem:
    """Why an answer or a class could not be run: the kind, the line and column, and the facts."""

    kind: str
    line: int | None
    column: int | None
    facts: dict[str, Any]

    @property
    def raised(self) -> Raised | None:
        """The exception, when there was one."""
        report = self.facts.get("raised")
        return read_raised(report) if isinstance(report, dict) else None

    @property
    def source_line(self) -> str | None:
        """The text of the answer's line where it happened."""
        report = self.facts.get("raised")
        facts = report if isinstance(report, dict) else self.facts
        return text_or_none(facts.get("source_line"))


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


def read_run(
    frames: Iterable[Frame | Ended], cases: dict[str, int], limits: Limits = DEFAULT_LIMITS
) -> RunReport:
    """Read a run to its end; the arguments are those of `Reading`."""
    return RunReader(frames, cases, limits).to_its_end()


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
        self._reader = _ReportBuilder(cases, limits)
        self._is_over = False

    def to_its_end(self) -> RunReport:
        """Read everything, and give the report."""
        while not self._is_over:
            self._read_one()
        return self._reader.report

    def observations(self, class_name: str, count: int) -> list[Observation]:
        """At least the first `count` of a class, or as many as came before the run ended."""
        while True:
            seen = self._reader.report.classes.get(class_name)
            if self._is_over or (seen is not None and len(seen.observations) >= count):
                return [] if seen is None else seen.observations
            self._read_one()

    def _read_one(self) -> None:
        arrived = next(self._frames, None)
        if arrived is None or isinstance(arrived, Ended):
            self._is_over = True
            if arrived is not None:
                self._reader.report.ended = arrived
            return
        try:
            self._reader.take(*arrived)
        except BrokenFrame as broken:
            self._is_over = True
            self._reader.report.ended = Ended(Ending.BROKEN_PROTOCOL, str(broken))


class _ReportBuilder:
    def __init__(self, cases: dict[str, int], limits: Limits) -> None:
        self.cases = cases
        self.room_for_arrays = limits.carried_bytes + limits.carried_bytes // 8  # and their padding
        self.room_for_text = limits.printed_bytes
        self.report = RunReport()
        self.current: ClassReport | None = None

    def take(self, header: dict[str, Any], payload: bytearray) -> None:
        """Take one frame, in the order in which a child sends them."""
        kind = header.get("frame")
        self.room_for_arrays -= len(payload)
        if self.room_for_arrays < 0:
            raise BrokenFrame("more array bytes than a child may send")
        if kind == "printed":
            self._printed(a_text(header.get("text"), 1 << 20))
        elif kind == "loaded" and not self.report.is_loaded:
            self._loaded(header)
        elif kind == "class" and self.report.is_loaded:
            self._class(header)
        elif kind == "case" and self.current is not None:
            self._case(self.current, header, payload)
        elif kind == "class-end" and self.current is not None:
            self._class_end(self.current)
        else:
            raise BrokenFrame("a frame of another kind or out of order")

    def _printed(self, text: str) -> None:
        self.room_for_text -= len(text.encode())
        if self.room_for_text < 0:
            raise BrokenFrame("more printed text than a child may send")
        if self.current is not None:
            self.current.printed += text
        else:
            self.report.printed_before += text

    def _loaded(self, header: dict[str, Any]) -> None:
        self.report.is_loaded = True
        self.report.problem = read_problem(header.get("problem"))
        self.report.guessed_encoding = text_or_none(header.get("guessed_encoding"))
        names = header.get("defines")
        if isinstance(names, list):
            self.report.defines = tuple(a_text(name) for name in names)

    def _class(self, header: dict[str, Any]) -> None:
        name = header.get("name")
        if not isinstance(name, str) or name not in self.cases or name in self.report.classes:
            raise BrokenFrame("a class that was not requested")
        report = ClassReport(
            name,
            read_problem(header.get("problem")),
            calls_forward=header.get("calls_forward") is True,
            loops=header.get("loops") is True,
        )
        report.printed, self.report.printed_before = self.report.printed_before, ""
        self.report.classes[name] = report
        report.is_complete = report.problem is not None
        self.current = None if report.is_complete else report

    def _case(self, current: ClassReport, header: dict[str, Any], payload: bytearray) -> None:
        if header.get("number") != len(current.observations) or (
            len(current.observations) >= self.cases[current.name]
        ):
            raise BrokenFrame("a case out of order")
        observation = _observation(header, payload)
        current.observations.append(observation)
        raised = header.get("raised")
        if observation.raised is not None and isinstance(raised, dict):
            shown = text_or_none(raised.get("source_line"))
            if observation.raised.line is not None and shown is not None:
                current.source_lines[observation.raised.line] = shown

    def _class_end(self, current: ClassReport) -> None:
        if len(current.observations) != self.cases[current.name]:
            raise BrokenFrame("a class that ends before its cases do")
        current.is_complete = True
        self.current = None


def _observation(header: dict[str, Any], payload: bytearray) -> Observation:
    raised = header.get("raised")
    return Observation(
        values={
            a_text(name): _received(value, payload)
            for name, value in an_object(header.get("values")).items()
        },
        inputs_after={
            a_text(name): untrusted_array(value, payload)
            for name, value in an_object(header.get("inputs_after")).items()
        },
        overwritten=tuple(a_text(name) for name in a_list(header.get("overwritten"))),
        raised=None if raised is None else read_raised(an_object(raised)),
        numpy_warnings=tuple(
            NumpyWarning(
                a_text(w.get("message")),
                count_or_none(w.get("line")) or 0,
                w.get("in_region") is True,
            )
            for w in map(an_object, a_list(header.get("warned")))
        ),
        seconds=seconds(header.get("seconds")),
    )


def _received(value: object, payload: bytearray) -> Received:
    facts = an_object(value)
    kind = facts.get("kind")
    if kind not in KINDS:
        raise BrokenFrame("a value of an unknown kind")
    array: Array | None = None
    if kind == "array":
        array = untrusted_array(facts.get("array"), payload)
    return Received(
        kind=kind,
        type_name=a_text(facts.get("type")),
        array=array,
        other_attributes={
            a_text(name): untrusted_array(other, payload)
            for name, other in an_object(facts.get("others")).items()
        },
        is_local_variable=facts.get("is_local_variable") is True,
    )


def read_raised(report: dict[str, Any]) -> Raised:
    """An exception as a child reports it."""
    return Raised(
        type_name=a_text(report.get("type")),
        message=a_text(report.get("message")),
        line=count_or_none(report.get("line")),
        column=count_or_none(report.get("column")),
        in_answer=report.get("in_answer") is True,
        refused=report.get("refused") is True,
        out_of_memory=report.get("out_of_memory") is True,
        ended_process=report.get("ended_process") is True,
        is_import_error=report.get("is_import_error") is True,
        import_name=text_or_none(report.get("import_name")),
    )


def read_problem(problem: object) -> LoadProblem | None:
    """A problem as a child reports it; None where there was none."""
    if problem is None:
        return None
    facts = an_object(problem)
    return LoadProblem(
        kind=a_text(facts.get("kind")),
        line=count_or_none(facts.get("line")),
        column=count_or_none(facts.get("column")),
        facts=an_object(facts.get("facts")),
    )
