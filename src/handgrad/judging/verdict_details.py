"""What follow-up runs add to a verdict: a small counterexample, the lines that write in place, randomness.

They can only add to it. Whatever fails here leaves the verdict as it was.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.diagnosis.case import Array, Case, Observation, Raised, Trial
from handgrad.diagnosis.class_comparison import ClassComparison
from handgrad.diagnosis.counterexample.counterexample import Counterexample
from handgrad.diagnosis.counterexample.shrinking import smallest_failure
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.errors import SandboxError
from handgrad.languages import Text

IN_PLACE_EFFECTS = ("parameters-changed", "input-changed", "dout-changed")
MOST_WRITTEN = 4
"""Arrays whose writing line is searched for."""
READ_ONLY = "read-only"
"""Part of NumPy's message when an array may not be written."""

RunCases = Callable[[Sequence[Case]], tuple[list[Observation], dict[int, str]]]
"""Runs the answer on some cases: the observations, and the lines of the answer that raised."""


@dataclass(frozen=True)
class InPlaceWrite:
    """The first line that writes into an array of the caller's."""

    array: str
    line: int
    column: int | None
    source_line: str | None


@dataclass(frozen=True)
class VerdictDetails:
    """What the follow-up runs showed.

    Attributes:
        counterexample: the smallest case that fails in the same way.
        writes: for each array of the caller's that was changed, the line that writes into it.
        varies: the same case, run again, gave another result.
    """

    counterexample: Counterexample | None = None
    writes: tuple[InPlaceWrite, ...] = ()
    varies: bool = False

    def remarks(self) -> list[Text]:
        """Sentences for the verdict's message."""
        lines: dict[int, list[str]] = {}
        for write in self.writes:
            lines.setdefault(write.line, []).append(write.array)
        remarks = [
            WRITES.format(line=line, arrays=Text(zh="、".join(arrays), en=" and ".join(arrays)))
            for line, arrays in lines.items()
        ]
        return [*remarks, VARIES] if self.varies else remarks


WRITES = Text(zh="第 {line} 行原地改写了 {arrays}。", en="Line {line} writes into {arrays}.")
VARIES = Text(
    zh="同一个测试再运行一次，结果不同。可能的原因：用了随机数；数组没有初始化（np.empty）；"
    "在实例之外（全局变量、类属性）保存了上一次的数据。",
    en="The same case gave another result when it ran again. Look for random numbers, an array that is "
    "never filled (np.empty), or data kept outside the instance (a global, a class attribute).",
)
NO_DETAILS = VerdictDetails()


def verdict_details(
    comparison: ClassComparison,
    diagnosis: Diagnosis,
    small_trials: Iterable[Trial],
    run: RunCases,
) -> VerdictDetails:
    """Choose the smallest counterexample, and run what shows the writing lines and randomness.

    Args:
        comparison: all trials of the verdict, compared with the reference.
        diagnosis: what explains them.
        small_trials: observed small cases, the most telling first; read as far as needed.
        run: runs the answer on further cases.
    """
    is_wrong = diagnosis.verdict in ("wrong", "error")
    counterexample = smallest_failure(small_trials, diagnosis) if is_wrong else None
    written = _written_arrays(comparison)
    repeated = _trial_to_repeat(diagnosis)
    cases = [dataclasses.replace(t.case, read_only=(array,)) for array, t in written.items()]
    if repeated is not None:
        cases.append(repeated.case)
    try:
        observations, lines = run(cases) if cases else ([], {})
    except SandboxError:
        observations, lines = [], {}
    exceptions = [observation.raised for observation in observations]
    writes = [_in_place_write(*one, lines) for one in zip(written, exceptions, strict=False)]
    return VerdictDetails(
        counterexample=counterexample,
        writes=tuple(write for write in writes if write is not None),
        varies=repeated is not None
        and len(observations) == len(cases)
        and _differ(repeated, observations[-1]),
    )


def _written_arrays(comparison: ClassComparison) -> dict[str, Trial]:
    """Arrays of the caller's that were changed in place, and the first trial in which each was."""
    found: dict[str, Trial] = {}
    for trial, effect, array in comparison.effects:
        if effect in IN_PLACE_EFFECTS and isinstance(trial.case.inputs.get(array), np.ndarray):
            found.setdefault(array, trial)
    return dict(list(found.items())[:MOST_WRITTEN])


def _in_place_write(
    array: str, raised: Raised | None, lines: dict[int, str]
) -> InPlaceWrite | None:
    """Where the answer wrote into an array that was read-only for this run."""
    if raised is None or not raised.in_answer or READ_ONLY not in raised.message:
        return None
    if raised.line is None:
        return None
    return InPlaceWrite(array, raised.line, raised.column, lines.get(raised.line))


def _trial_to_repeat(diagnosis: Diagnosis) -> Trial | None:
    """A failing trial whose wrong array nothing explains: it may depend on chance."""
    explained = {match.array for match in diagnosis.matches} | {*diagnosis.computed}
    for compared in diagnosis.wrong:
        if compared.array not in explained and compared.received.array is not None:
            return compared.trial
    return None


def _differ(trial: Trial, again: Observation) -> bool:
    for array in trial.case.compared:
        before, after = trial.observed.values.get(array), again.values.get(array)
        if before is None or after is None or before.array is None or after.array is None:
            continue
        if not _equal(before.array, after.array):
            return True
    return False


def _equal(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=True))
