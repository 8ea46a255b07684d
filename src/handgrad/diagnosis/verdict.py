"""The verdict of one class: names, precedence, exit codes, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from handgrad.languages import Text

VerdictName = Literal[
    "judge-error",
    "forbidden",
    "time-limit",
    "memory-limit",
    "output-limit",
    "error",
    "wrong",
    "pass",
]
ErrorKind = Literal[
    "syntax-error",
    "encoding-error",
    "missing-class",
    "missing-method",
    "bad-signature",
    "import-error",
    "exception",
    "exited",
    "unanswered",
]
PRECEDENCE: tuple[VerdictName, ...] = (
    "judge-error",
    "forbidden",
    "time-limit",
    "memory-limit",
    "output-limit",
    "error",
    "wrong",
    "pass",
)


@dataclass(frozen=True)
class NamedMistake:
    """A known mistake that explains an array: proved, or one of several that look the same here."""

    mistake: str
    array: str | None
    certainty: Literal["proved", "one-of"] = "proved"
    alternatives: tuple[str, ...] = ()
    factor: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; the alternatives are called ``or``."""
        return {
            "mistake": self.mistake,
            "array": self.array,
            "certainty": self.certainty,
            "or": list(self.alternatives),
            "factor": self.factor,
        }


@dataclass(frozen=True)
class FirstDifference:
    """Where the answer first differs from the reference: array, case, position, size of error."""

    array: str
    case: int
    index: tuple[int, ...] | None
    expected_shape: tuple[int, ...] | None
    received_shape: tuple[int, ...] | None
    error: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; ``error`` is None where there is no number to state."""
        return {
            "array": self.array,
            "case": self.case,
            "index": _listed(self.index),
            "expected_shape": _listed(self.expected_shape),
            "received_shape": _listed(self.received_shape),
            "error": self.error,
        }


def _listed(numbers: tuple[int, ...] | None) -> list[int] | None:
    return None if numbers is None else list(numbers)


@dataclass(frozen=True)
class CaseOutcome:
    """One case of a class: what it looks into, and whether it holds.

    Attributes:
        number: of the case, from 1.
        shows: what it looks into, in words.
        holds: whether nothing failed in it.
        wrong: the arrays that are wrong in it.
        raised: whether the code raised in it.
    """

    number: int
    shows: Text
    holds: bool
    wrong: tuple[str, ...]
    raised: bool

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "case": self.number,
            "shows": self.shows.to_json(),
            "holds": self.holds,
            "wrong": list(self.wrong),
            "raised": self.raised,
        }


@dataclass(frozen=True)
class ErrorMap:
    """How far each entry of a wrong array is off, in the first case in which it is wrong.

    Attributes:
        array: its name.
        case: the number of the case.
        expected_shape: the reference's shape.
        received_shape: what came; None when it was no array.
        error: the largest error; None where there is no number to state.
        rows: of the array as a matrix: its first axis; 1 where it has one axis only.
        columns: of the array as a matrix: all its other axes.
        matrix: |received − expected| as rows of at most 16 by 16 blocks, of each the largest error;
            None where one is not finite. Empty when the shapes differ.
    """

    array: str
    case: int
    expected_shape: tuple[int, ...]
    received_shape: tuple[int, ...] | None
    error: float | None
    rows: int
    columns: int
    matrix: tuple[tuple[float | None, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; the matrix is called ``map``."""
        received = self.received_shape
        return {
            "array": self.array,
            "case": self.case,
            "expected_shape": list(self.expected_shape),
            "received_shape": None if received is None else list(received),
            "error": self.error,
            "rows": self.rows,
            "columns": self.columns,
            "map": [list(row) for row in self.matrix],
        }


@dataclass(frozen=True)
class Verdict:
    """The verdict of one class of one answer. Field for field the JSON object users read."""

    file: str
    level: str
    level_revision: str
    class_name: str
    verdict: VerdictName
    message: Text
    kind: ErrorKind | None = None
    line: int | None = None
    column: int | None = None
    mistakes: tuple[NamedMistake, ...] = ()
    computed: Mapping[str, str] = field(default_factory=dict)
    counterexample: Mapping[str, Any] | None = None
    first_difference: FirstDifference | None = None
    warnings: tuple[str, ...] = ()
    cases_run: int = 0
    cases_failed: int = 0
    seed: int = 0
    excludes: Mapping[str, Any] | None = None
    printed: str = ""
    milliseconds: float = 0.0
    isolation: int = 1
    handgrad: str = ""
    source_line: str | None = None
    case_list: tuple[CaseOutcome, ...] = ()
    error_maps: tuple[ErrorMap, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 for a pass, 3 for our own fault, else 1."""
        return {"pass": 0, "judge-error": 3}.get(self.verdict, 1)

    def to_json(self) -> dict[str, Any]:
        """Every field, always: what does not apply is null or empty."""
        return {
            "file": self.file,
            "level": self.level,
            "level_revision": self.level_revision,
            "class": self.class_name,
            "verdict": self.verdict,
            "kind": self.kind,
            "line": self.line,
            "column": self.column,
            "mistakes": [mistake.to_json() for mistake in self.mistakes],
            "computed": dict(self.computed),
            "counterexample": self.counterexample,
            "first_difference": self.first_difference and self.first_difference.to_json(),
            "warnings": list(self.warnings),
            "cases": {"run": self.cases_run, "failed": self.cases_failed},
            "seed": self.seed,
            "excludes": self.excludes,
            "printed": self.printed,
            "milliseconds": round(self.milliseconds, 1),
            "isolation": self.isolation,
            "handgrad": self.handgrad,
            "message": self.message.to_json(),
            "source_line": self.source_line,
            "case_list": [one.to_json() for one in self.case_list],
            "error_maps": [one.to_json() for one in self.error_maps],
        }
