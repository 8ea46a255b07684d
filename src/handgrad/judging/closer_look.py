"""A second, short run of an answer that is wrong: the smallest counterexample, and the line that writes.

It can only add to a verdict. Whatever goes wrong in it leaves the verdict as it was.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.checking.case import Array, Case, Observation, Raised, Trial
from handgrad.checking.contract import side_effects
from handgrad.checking.counterexample import Counterexample, smallest, worth_trying
from handgrad.checking.examine import Examination
from handgrad.checking.mistakes import Mistake
from handgrad.errors import SandboxError
from handgrad.languages import Text

AT_ONCE = 6
"""Small cases of one run; the others are run only where none of these fails."""
WRITES = ("parameters-changed", "input-changed", "dout-changed", "output-changed")
READ_ONLY = "read-only"
"""What NumPy says of an array that may not be written."""

Run = Callable[[Sequence[Case]], tuple[list[Observation], dict[int, str]]]
"""Runs the answer on some cases: what was seen, and the lines of the answer that were quoted."""


@dataclass(frozen=True)
class CloserLook:
    """What the second run showed.

    Attributes:
        counterexample: the smallest case that fails in the same way.
        written: where an array is written that is not the code's own.
        source_line: that line.
        varies: the answer gave something else when the same case was run again.
    """

    counterexample: Counterexample | None = None
    written: Raised | None = None
    source_line: str | None = None
    varies: bool = False

    def told(self) -> list[Text]:
        """What it adds to the message."""
        told = []
        if self.written is not None and self.written.line is not None:
            told.append(WRITTEN.format(line=self.written.line))
        if self.varies:
            told.append(VARIES)
        return told


WRITTEN = Text(zh="就地改写发生在第 {line} 行。", en="Line {line} is the one that writes into it.")
VARIES = Text(
    zh="同一个测试再运行一次，得到的结果不同：答案里有随机数，或用了没有初始化的数组（np.empty）。",
    en="The same case, run once more, gave another result: something in the answer is random, or an "
    "array was never filled (np.empty).",
)
NOTHING = CloserLook()


def look_closer(
    trials: Sequence[Trial],
    examination: Examination,
    small: Sequence[Trial],
    level_mistakes: Sequence[Mistake],
    run: Run,
) -> CloserLook:
    """Run the answer on what is worth trying, and say what that shows.

    Args:
        trials: all trials of the verdict.
        examination: what they show.
        small: cases for pencil and paper with the reference's arrays, not yet run.
        level_mistakes: the level's entries of the catalogue.
        run: runs the answer on cases in a fresh child.
    """
    is_wrong = examination.verdict in ("wrong", "error")
    places = worth_trying(small, examination, level_mistakes) if is_wrong else []
    tried, later_ones = ([small[i] for i in part] for part in (places[:AT_ONCE], places[AT_ONCE:]))
    writer = _first_that_writes(trials)
    repeated = _to_repeat(examination)
    again = [trial for trial in (writer, repeated) if trial is not None]
    if not tried and not again:
        return NOTHING
    cases = [trial.case for trial in tried]
    if writer is not None:
        cases.append(dataclasses.replace(writer.case, read_only=True))
    if repeated is not None:
        cases.append(repeated.case)
    try:
        observations, lines = run(cases)
    except SandboxError:
        return NOTHING
    seen = [dataclasses.replace(t, observed=o) for t, o in zip(tried, observations, strict=False)]
    later = observations[len(tried) :]
    written = _writing_line(later[0].raised) if writer is not None and later else None
    found = smallest(seen, examination) if is_wrong else None
    if is_wrong and found is None and later_ones:
        found = smallest(_run(later_ones, run), examination)
    return CloserLook(
        counterexample=found,
        written=written,
        source_line=None if written is None else lines.get(written.line or -1),
        varies=repeated is not None
        and len(observations) == len(cases)
        and _differ(repeated, observations[-1]),
    )


def _run(trials: Sequence[Trial], run: Run) -> list[Trial]:
    """The trials with what came; none where the run failed."""
    try:
        observations, _ = run([trial.case for trial in trials])
    except SandboxError:
        return []
    return [dataclasses.replace(t, observed=o) for t, o in zip(trials, observations, strict=False)]


def _first_that_writes(trials: Sequence[Trial]) -> Trial | None:
    """The first trial in which an array of the caller's was changed in place."""
    for trial in trials:
        if any(name in WRITES for name, _ in side_effects(trial)):
            return trial
    return None


def _writing_line(raised: Raised | None) -> Raised | None:
    if raised is not None and raised.in_answer and READ_ONLY in raised.message:
        return raised
    return None


def _to_repeat(examination: Examination) -> Trial | None:
    """A failing trial to run once more, where nothing explains what came."""
    explained = {finding.array for finding in examination.findings} | {*examination.computed}
    for sighting in examination.wrong:
        if sighting.array not in explained and sighting.received.array is not None:
            return sighting.trial
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
