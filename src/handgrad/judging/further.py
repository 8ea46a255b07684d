"""Further cases for an answer that has run: what a verdict is not yet sure of, or wants to show."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from handgrad.diagnosis.case import Case, Observation, Trial
from handgrad.judging.answer import Answer
from handgrad.judging.preparation import Preparation, PreparedClass
from handgrad.judging.run import Run
from handgrad.judging.run_report import ClassReport, RunReader, RunReport
from handgrad.sandbox import Limits

if TYPE_CHECKING:
    from handgrad.judging.judge import Judge

MOST_SECONDS = 0.5
"""Of processor time: a verdict that took long already is not to take much longer."""


class Further:
    """Runs one class of an answer again: in its own child where that goes on, else in a fresh one."""

    def __init__(
        self,
        judge: Judge,
        preparation: Preparation,
        prepared: PreparedClass,
        answer: Answer,
        first: Run,
    ) -> None:
        self.judge = judge
        self.preparation = preparation
        self.prepared = prepared
        self.answer = answer
        self.first = first

    def limits(self, seconds: float = MOST_SECONDS) -> Limits:
        """Those of the judge, with no more than so many seconds of processor time."""
        allowed = self.judge.limits
        seconds = min(seconds, allowed.processor_seconds)
        return dataclasses.replace(
            allowed, processor_seconds=seconds, wall_seconds=4 * max(seconds, MOST_SECONDS)
        )

    def run(
        self, cases: Sequence[Case], seconds: float = MOST_SECONDS
    ) -> tuple[RunReport, ClassReport | None]:
        """What was seen of the run, and of the class.

        Raises:
            SandboxError: the sandbox failed.
        """
        few = self.preparation.only(self.prepared, cases, self.limits(seconds))
        report = self.first.ask_again(few) if self.first.goes_on else self.afresh(few)
        return report, report.classes.get(self.prepared.judged.name)

    def afresh(self, few: Preparation) -> RunReport:
        """What a fresh child shows, where the answer's own has come to its end.

        Raises:
            SandboxError: the sandbox failed.
        """
        with self.judge.running(few, self.answer, tries=1) as fresh:
            return fresh.report


class Ahead:
    """Small cases that a child runs while the judge looks for what explains the large ones.

    That the answer is wrong is known long before it is known why; on a second processor the small
    cases have run by then.
    """

    def __init__(self, further: Further, places: Sequence[int]) -> None:
        """Start the run.

        Raises:
            SandboxError: the child was lost.
        """
        self._further = further
        self.places = tuple(places)
        self._number = {place: number for number, place in enumerate(places)}
        self._few = further.preparation.only_small(further.prepared, self.places, further.limits())
        goes_on = further.first.goes_on
        self._reading: RunReader | None = further.first.begin_again(self._few) if goes_on else None

    def trial(self, place: int) -> Trial | None:
        """A small trial with what was seen; None where the run was over before.

        Raises:
            SandboxError: the child was lost.
        """
        number = self._number[place]
        seen = self._observations(number + 1)
        small = self._further.prepared.small[place]
        return dataclasses.replace(small, observed=seen[number]) if number < len(seen) else None

    def _observations(self, count: int) -> list[Observation]:
        if self._reading is None:
            return self._afresh
        return self._reading.observations(self._further.prepared.judged.name, count)

    @cached_property
    def _afresh(self) -> list[Observation]:
        """What a fresh child gave for all of them: the answer's own had come to its end."""
        report = self._further.afresh(self._few)
        seen = report.classes.get(self._further.prepared.judged.name)
        return [] if seen is None else seen.observations
