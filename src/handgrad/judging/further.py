"""Further cases for an answer that has run: what a verdict is not yet sure of, or wants to show."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handgrad.checking.case import Case
from handgrad.judging.answer import Answer
from handgrad.judging.observation import ClassReport, RunReport
from handgrad.judging.preparation import Preparation, PreparedClass
from handgrad.judging.run import Run

if TYPE_CHECKING:
    from handgrad.judging.judge import Judge

MOST_SECONDS = 0.5
"""Of processor time: a verdict that took long already is not to take much longer."""


@dataclass(frozen=True)
class Further:
    """Runs one class of an answer again: in its own child where that goes on, else in a fresh one."""

    judge: Judge
    preparation: Preparation
    prepared: PreparedClass
    answer: Answer
    first: Run

    def run(self, cases: Sequence[Case]) -> tuple[RunReport, ClassReport | None]:
        """What was seen of the run, and of the class.

        Raises:
            SandboxError: the sandbox failed.
        """
        allowed = self.judge.limits
        seconds = min(MOST_SECONDS, allowed.processor_seconds)
        limits = dataclasses.replace(allowed, processor_seconds=seconds, wall_seconds=2 * seconds)
        few = self.preparation.only(self.prepared, cases, limits)
        if self.first.goes_on:
            report = self.first.ask_again(few)
        else:
            with self.judge.running(few, self.answer, tries=1) as fresh:
                report = fresh.report
        return report, report.classes.get(self.prepared.judged.name)
