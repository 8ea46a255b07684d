"""A second, short run of an answer that is wrong: the smallest counterexample, and the line that writes.

It can only add to a verdict. Whatever goes wrong in it leaves the verdict as it was.
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

WRITES = ("parameters-changed", "input-changed", "dout-changed")
MOST_WRITERS = 4
"""Arrays whose writing line is looked for."""
READ_ONLY = "read-only"
"""What NumPy says of an array that may not be written."""

Run = Callable[[Sequence[Case]], tuple[list[Observation], dict[int, str]]]
"""Runs the answer on some cases: what was seen, and the lines of the answer that were quoted."""


@dataclass(frozen=True)
class CloserLook:
    """What the second run showed.

    Attributes:
        counterexample: the smallest case that fails in the same way.
        written: arrays that are not the code's own, and where each is written.
        varies: the answer gave something else when the same case was run again.
    """

    counterexample: Counterexample | None = None
    written: tuple[Written, ...] = ()
    varies: bool = False

    def told(self) -> list[Text]:
        """What it adds to the message."""
        lines: dict[int, list[str]] = {}
        for one in self.written:
            lines.setdefault(one.line, []).append(one.array)
        told = [
            WRITTEN.format(line=line, arrays=Text(zh="、".join(arrays), en=" and ".join(arrays)))
            for line, arrays in lines.items()
        ]
        return [*told, VARIES] if self.varies else told


@dataclass(frozen=True)
class Written:
    """The first line that writes into an array that is not the code's own."""

    array: str
    line: int
    column: int | None
    source_line: str | None


WRITTEN = Text(zh="第 {line} 行就地改写了 {arrays}。", en="Line {line} writes into {arrays}.")
VARIES = Text(
    zh="同一个测试单独再运行一次，得到的结果不同：答案里有随机数，有没有初始化的数组（np.empty），或在实例之外"
    "（全局变量、类属性）留下了上一次的东西。",
    en="The same case, run once more by itself, gave another result: something in the answer is random, "
    "an array was never filled (np.empty), or something is kept outside the instance (a global, a class "
    "attribute).",
)
NOTHING = CloserLook()


def look_closer(
    comparison: ClassComparison,
    diagnosis: Diagnosis,
    small: Iterable[Trial],
    run: Run,
) -> CloserLook:
    """Look for the smallest counterexample among what has run, and run what else is worth a look.

    Args:
        comparison: all trials of the verdict beside the reference.
        diagnosis: what explains them.
        small: trials for pencil and paper with what was seen, the most telling first; read as far
            as needed.
        run: runs the answer on further cases.
    """
    is_wrong = diagnosis.verdict in ("wrong", "error")
    found = smallest_failure(small, diagnosis) if is_wrong else None
    writers = _first_that_write(comparison)
    repeated = _to_repeat(diagnosis)
    cases = [dataclasses.replace(t.case, read_only=(array,)) for array, t in writers.items()]
    if repeated is not None:
        cases.append(repeated.case)
    try:
        observations, lines = run(cases) if cases else ([], {})
    except SandboxError:
        observations, lines = [], {}
    raised = [observation.raised for observation in observations]
    written = [_written(*one, lines) for one in zip(writers, raised, strict=False)]
    return CloserLook(
        counterexample=found,
        written=tuple(one for one in written if one is not None),
        varies=repeated is not None
        and len(observations) == len(cases)
        and _differ(repeated, observations[-1]),
    )


def _first_that_write(comparison: ClassComparison) -> dict[str, Trial]:
    """Arrays of the caller's that were changed in place, and the first trial in which each was."""
    found: dict[str, Trial] = {}
    for trial, name, array in comparison.effects:
        if name in WRITES and isinstance(trial.case.inputs.get(array), np.ndarray):
            found.setdefault(array, trial)
    return dict(list(found.items())[:MOST_WRITERS])


def _written(array: str, raised: Raised | None, lines: dict[int, str]) -> Written | None:
    if raised is None or not raised.in_answer or READ_ONLY not in raised.message:
        return None
    if raised.line is None:
        return None
    return Written(array, raised.line, raised.column, lines.get(raised.line))


def _to_repeat(diagnosis: Diagnosis) -> Trial | None:
    """A failing trial to run once more, where nothing explains what came."""
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
        if not _same(before.array, after.array):
            return True
    return False


def _same(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=True))
