"""What a check found: right, wrong or cannot tell, for every array, with the evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from handgrad.gradcheck.engine.subject import Array
from handgrad.gradcheck.report.notebook import html_of
from handgrad.gradcheck.report.words import told
from handgrad.languages import Language, Text, preferred_language

VerdictWord = Literal["right", "wrong", "cannot-tell"]
Method = Literal["affine", "complex-step", "real-difference", "reference", "none"]


@dataclass(frozen=True)
class WrongEntry:
    """One entry of a gradient that is wrong.

    Attributes:
        index: where.
        received: what backward gave.
        expected: what was measured.
        uncertainty: by how much `expected` may be off.
    """

    index: tuple[int, ...]
    received: float
    expected: float
    uncertainty: float


@dataclass(frozen=True, eq=False)
class ArrayReport:
    """The verdict on one gradient.

    `error` and `bound` have the unit of the gradient's Euclidean norm: along a direction v of
    standard normal entries, ``error = |⟨u, J v⟩ − ⟨received, v⟩|``, which for an error array E is
    ``‖E‖`` times a standard normal number. `bound` is how much of it rounding and truncation can
    explain.

    Attributes:
        name: what the gradient is called: ``dW``.
        of: its primal: ``W``.
        shape: the primal's shape.
        verdict: ``right``, ``wrong`` or ``cannot-tell``.
        method: how the left side was measured.
        error: the largest discrepancy of all probes in proportion to its bound; NaN where nothing
            was measured.
        bound: the bound of that probe.
        size: the Euclidean norm of the gradient received.
        reason: why, in words: what is wrong, or why nothing can be told.
        wrong_entries: those that were located, the largest errors first.
        wrong_count: how many entries are wrong; None where only some were looked at.
        measured: the whole gradient as measured, where the array is small and wrong; None else.
        evidence: what was measured, a sentence each.
        undecided: output entries next to a kink, (output number, index), which were left out.
    """

    name: str
    of: str
    shape: tuple[int, ...]
    verdict: VerdictWord
    method: Method
    error: float = math.nan
    bound: float = math.nan
    size: float = math.nan
    reason: Text | None = None
    wrong_entries: tuple[WrongEntry, ...] = ()
    wrong_count: int | None = None
    measured: Array | None = None
    evidence: tuple[Text, ...] = ()
    undecided: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; what is not a finite number is null."""
        return {
            "name": self.name,
            "of": self.of,
            "shape": list(self.shape),
            "verdict": self.verdict,
            "method": self.method,
            "error": _number(self.error),
            "bound": _number(self.bound),
            "size": _number(self.size),
            "reason": self.reason and self.reason.to_json(),
            "wrong_entries": [
                {
                    "index": list(entry.index),
                    "received": _number(entry.received),
                    "expected": _number(entry.expected),
                    "uncertainty": _number(entry.uncertainty),
                }
                for entry in self.wrong_entries
            ],
            "wrong_count": self.wrong_count,
            "evidence": [text.to_json() for text in self.evidence],
            "undecided": [[number, list(index)] for number, index in self.undecided],
        }


@dataclass(frozen=True)
class Finding:
    """Something found beside the values: a side effect, state that leaks, a type, randomness.

    Attributes:
        kind: its name: ``dout-changed``, ``stale-state``, ….
        severity: what it makes of the verdict; ``note`` leaves it.
        message: what was seen, and what to try.
        array: the array it is about, where it is about one.
        file: where the guilty line is, when it is known.
        line: its number.
        source: the line itself.
    """

    kind: str
    severity: Literal["wrong", "cannot-tell", "note"]
    message: Text
    array: str | None = None
    file: str | None = None
    line: int | None = None
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Every field, always."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "message": self.message.to_json(),
            "array": self.array,
            "file": self.file,
            "line": self.line,
            "source": self.source,
        }


@dataclass(frozen=True, eq=False)
class GradientReport:
    """What `handgrad.check` found.

    True only where the verdict is *right*; ``str(report)`` is the report in the user's language.

    Attributes:
        subject: what was checked.
        verdict: ``wrong`` where one array or finding is, else ``cannot-tell`` where one is, else
            ``right``.
        arrays: the verdict on every gradient.
        findings: what was found beside the values.
        computed: gradient → the expression over the inputs that reproduces what came.
        counterexample: the smallest case that still fails: sizes, inputs, received, expected.
        seed: gives the same check again.
        forwards, backwards: calls that the verdict on the values took, confirmation and location
            of a wrong gradient not counted.
        further_forwards, further_backwards: calls for those, and for state and side effects.
        locating_forwards: those of them that searched wrong entries.
        dtype: the type the code computes in.
    """

    subject: str
    verdict: VerdictWord
    arrays: tuple[ArrayReport, ...]
    findings: tuple[Finding, ...] = ()
    computed: Mapping[str, str] = field(default_factory=dict)
    counterexample: Mapping[str, Any] | None = None
    seed: int = 0
    forwards: int = 0
    backwards: int = 0
    further_forwards: int = 0
    further_backwards: int = 0
    locating_forwards: int = 0
    dtype: str = "float64"

    def __bool__(self) -> bool:
        return self.verdict == "right"

    def __str__(self) -> str:
        return self.text()

    def text(self, language: Language | None = None) -> str:
        """The report in words, a paragraph a line; in the user's language unless one is named."""
        return self.words[language or preferred_language()]

    @property
    def words(self) -> Text:
        """The report in every language."""
        return told(self)

    def _repr_html_(self) -> str:
        """The report as a notebook shows it, with a map of where the error is."""
        return html_of(self, preferred_language())

    def to_json(self) -> dict[str, Any]:
        """Every field, always: what does not apply is null or empty."""
        return {
            "subject": self.subject,
            "verdict": self.verdict,
            "arrays": [array.to_json() for array in self.arrays],
            "findings": [finding.to_json() for finding in self.findings],
            "computed": dict(self.computed),
            "counterexample": self.counterexample,
            "seed": self.seed,
            "forwards": self.forwards,
            "backwards": self.backwards,
            "further_forwards": self.further_forwards,
            "further_backwards": self.further_backwards,
            "locating_forwards": self.locating_forwards,
            "dtype": self.dtype,
            "message": told(self).to_json(),
        }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
