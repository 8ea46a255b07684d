"""Follow-up runs of one class of an answer, on cases that explain or illustrate its verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property

from handgrad.diagnosis.case import Case, Observation, Trial
from handgrad.judging.answer import Answer
from handgrad.judging.answer_run import AnswerRun
from handgrad.judging.prepared_class import PreparedClass
from handgrad.judging.prepared_run import PreparedRun
from handgrad.judging.run_report import ClassReport, RunReader, RunReport
from handgrad.judging.runner import Runner
from handgrad.sandbox import Limits

MOST_SECONDS = 0.5
"""Of processor time: a verdict that took long already must not take much longer."""


@dataclasses.dataclass(frozen=True)
class FollowUpRuns:
    """Runs one class of an answer again: in the first run's child where possible, else in a fresh one.

    Attributes:
        runner: starts fresh children.
        first: the run that the verdict rests on.
        answer: the answer.
        prepared_run: what the first run ran.
        prepared: the class.
    """

    runner: Runner
    first: AnswerRun
    answer: Answer
    prepared_run: PreparedRun
    prepared: PreparedClass

    def limits(self, seconds: float = MOST_SECONDS) -> Limits:
        """The runner's limits, with at most so many seconds of processor time.

        The wall time stays: less of it would make the verdict of a busy machine another one.
        """
        allowed = self.runner.limits
        seconds = min(seconds, allowed.processor_seconds)
        return dataclasses.replace(allowed, processor_seconds=seconds)

    def run(
        self, cases: Sequence[Case], seconds: float = MOST_SECONDS
    ) -> tuple[RunReport, ClassReport | None]:
        """The report of the run and of the class.

        Raises:
            SandboxError: the sandbox failed.
        """
        other = self.prepared_run.with_cases(self.prepared, cases, self.limits(seconds))
        if self.first.can_run_again:
            report = self.first.run_again(other)
        else:
            report = self.in_fresh_child(other)
        return report, report.classes.get(self.prepared.judged.name)

    def in_fresh_child(self, prepared_run: PreparedRun) -> RunReport:
        """The report of a fresh child, where the answer's own has ended.

        Raises:
            SandboxError: the sandbox failed.
        """
        with self.runner.running(prepared_run, self.answer, tries=1) as fresh:
            return fresh.report


class SmallCaseRun:
    """A run of small cases that goes on while the judge explains the large ones.

    That an answer is wrong is known long before it is known why. On a second processor the small cases
    have run by then.
    """

    def __init__(self, runs: FollowUpRuns, numbers: Sequence[int]) -> None:
        """Start the run.

        Args:
            runs: runs the class.
            numbers: which of its small cases, in the order in which they run.

        Raises:
            SandboxError: the child was lost.
        """
        self._runs = runs
        self.numbers = tuple(numbers)
        self._position = {number: position for position, number in enumerate(numbers)}
        self._prepared_run = runs.prepared_run.with_small_cases(
            runs.prepared, self.numbers, runs.limits()
        )
        self._reader: RunReader | None = (
            runs.first.start_again(self._prepared_run) if runs.first.can_run_again else None
        )

    def trial(self, number: int) -> Trial | None:
        """A small trial with its observation; None where the run ended before.

        Raises:
            SandboxError: the child was lost.
        """
        position = self._position[number]
        observations = self._observations(position + 1)
        if position >= len(observations):
            return None
        small = self._runs.prepared.small_trials[number]
        return dataclasses.replace(small, observed=observations[position])

    def _observations(self, count: int) -> list[Observation]:
        if self._reader is None:
            return self._in_fresh_child
        return self._reader.observations(self._runs.prepared.judged.name, count)

    @cached_property
    def _in_fresh_child(self) -> list[Observation]:
        """All observations from a fresh child, where the answer's own has ended."""
        report = self._runs.in_fresh_child(self._prepared_run)
        seen = report.classes.get(self._runs.prepared.judged.name)
        return [] if seen is None else seen.observations
