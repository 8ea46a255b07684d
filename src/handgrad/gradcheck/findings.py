"""The results of a check as plain data: verdicts on arrays, findings, and the report's fields.

Nothing here measures or formats anything. The engine, the conditions and the adapters make these
objects, and ``report/`` shows them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from handgrad.languages import Text

GradientVerdict = Literal["right", "wrong", "cannot-tell"]
Method = Literal["affine", "complex-step", "real-difference", "reference", "none"]
Severity = Literal["wrong", "cannot-tell", "note"]

VERDICT_NAMES: Mapping[GradientVerdict, Text] = {
    "right": Text(zh="正确", en="right"),
    "wrong": Text(zh="错误", en="wrong"),
    "cannot-tell": Text(zh="无法判断", en="cannot tell"),
}
METHOD_NAMES: Mapping[Method, Text] = {
    "affine": Text(zh="仿射，大步长", en="affine: steps as long as the array"),
    "complex-step": Text(
        zh="复数步长，并用实数差分核对", en="complex step, cross-checked by a real difference"
    ),
    "real-difference": Text(zh="四阶实数差分", en="real differences of fourth order"),
    "reference": Text(zh="与参考实现比较", en="compared with the reference"),
    "none": Text(zh="没有测量", en="not measured"),
}


@dataclass(frozen=True)
class WrongEntry:
    """One wrong entry of a gradient.

    Attributes:
        index: its position.
        received: what backward gave.
        expected: what was measured.
        uncertainty: the error bound of `expected`.
    """

    index: tuple[int, ...]
    received: float
    expected: float
    uncertainty: float


@dataclass(frozen=True, eq=False)
class ArrayReport:
    """The verdict on one gradient.

    `error` and `bound` are in units of the gradient's Euclidean norm. Along a direction v of standard
    normal entries, ``error = |⟨u, J v⟩ − ⟨received, v⟩|``; for an array of errors E this is ``‖E‖``
    times a standard normal number. `bound` is the part that rounding and truncation can explain.

    Attributes:
        name: the name of the gradient: ``dW``.
        of: its primal: ``W``.
        shape: the primal's shape.
        verdict: ``right``, ``wrong`` or ``cannot-tell``.
        method: how the slopes of forward were measured.
        error: the error of the probe that exceeds its bound most; NaN where nothing was measured.
        bound: the error bound of that probe.
        size: the Euclidean norm of the gradient received.
        reason: what is wrong, or why there is no verdict.
        wrong_entries: the wrong entries that were located, the largest errors first.
        wrong_count: how many entries are wrong; None where only samples were examined.
        measured: the whole measured gradient, of a small wrong array; None otherwise.
        evidence: what was measured, one sentence each.
        undecided: outputs that are not differentiable at the input point, as (output number, index);
            they were left out.
    """

    name: str
    of: str
    shape: tuple[int, ...]
    verdict: GradientVerdict
    method: Method
    error: float = math.nan
    bound: float = math.nan
    size: float = math.nan
    reason: Text | None = None
    wrong_entries: tuple[WrongEntry, ...] = ()
    wrong_count: int | None = None
    measured: NDArray[Any] | None = None
    evidence: tuple[Text, ...] = ()
    undecided: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; numbers that are not finite become null."""
        return {
            "name": self.name,
            "of": self.of,
            "shape": list(self.shape),
            "verdict": self.verdict,
            "method": self.method,
            "error": _finite(self.error),
            "bound": _finite(self.bound),
            "size": _finite(self.size),
            "reason": self.reason and self.reason.to_json(),
            "wrong_entries": [
                {
                    "index": list(entry.index),
                    "received": _finite(entry.received),
                    "expected": _finite(entry.expected),
                    "uncertainty": _finite(entry.uncertainty),
                }
                for entry in self.wrong_entries
            ],
            "wrong_count": self.wrong_count,
            "evidence": [text.to_json() for text in self.evidence],
            "undecided": [[number, list(index)] for number, index in self.undecided],
        }


@dataclass(frozen=True)
class Finding:
    """Something found besides wrong values: a side effect, leaking state, a wrong type, randomness.

    Attributes:
        kind: its name: ``dout-changed``, ``stale-state``, ….
        severity: what it makes of the verdict; a ``note`` does not change it.
        message: what was found, and what to try.
        array: the array it concerns, if it concerns one.
        file: the file of the line that caused it, if known.
        line: the number of that line.
        source: the line itself.
    """

    kind: str
    severity: Severity
    message: Text
    array: str | None = None
    file: str | None = None
    line: int | None = None
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON with every field."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class ReportData:
    """The fields of a report. `handgrad.check` returns its subclass `GradientReport`.

    Attributes:
        subject: what was checked.
        verdict: ``wrong`` if any array or finding is, else ``cannot-tell`` if any is, else ``right``.
        arrays: the verdict on every gradient.
        findings: what was found besides wrong values.
        computed: gradient → the expression over the inputs that gives what backward returned.
        counterexample: the smallest case that fails: sizes, inputs, received, expected.
        seed: repeats the check.
        forwards, backwards: the calls that the verdict on the values took, without those that confirm
            and locate a wrong gradient.
        further_forwards, further_backwards: the calls that confirm and locate, and that check state
            and side effects.
        locating_forwards: the part of `further_forwards` that searched for wrong entries.
        dtype: the type in which the code computes.
    """

    subject: str
    verdict: GradientVerdict
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


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
