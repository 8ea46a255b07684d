"""The verdict of one class of an answer, from the trials that it ran."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from handgrad.diagnosis.case import Case, Observation, Trial
from handgrad.diagnosis.case_outcomes import case_outcomes
from handgrad.diagnosis.class_comparison import ClassComparison, compare_trials
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.counterexample.counterexample import Counterexample
from handgrad.diagnosis.counterexample.script import script_of
from handgrad.diagnosis.counterexample.shrinking import candidate_places, promising_places
from handgrad.diagnosis.diagnose import Diagnosis, diagnose_comparison
from handgrad.diagnosis.error_maps import error_maps
from handgrad.diagnosis.text.aborted_runs import judge_error_text
from handgrad.diagnosis.text.diagnosis_text import diagnosis_text
from handgrad.diagnosis.verdict import (
    CaseCounts,
    CounterexampleFields,
    FirstDifference,
    NamedMistake,
    Verdict,
)
from handgrad.errors import SandboxError
from handgrad.judging.failure_verdicts import import_error_message
from handgrad.judging.follow_up_runs import FollowUpRuns, SmallCaseRun
from handgrad.judging.run_report import ClassReport
from handgrad.judging.style_warnings import style_warnings
from handgrad.judging.verdict_details import NO_DETAILS, VerdictDetails, verdict_details
from handgrad.languages import Text
from handgrad.sandbox import Ending


class ClassJudging:
    """Makes the verdict of one class whose cases all ran."""

    def __init__(self, runs: FollowUpRuns, report: ClassReport, *, graded: bool) -> None:
        """Prepare it.

        Args:
            runs: runs the class again.
            report: what the first run gave.
            graded: leave every expected value out of the verdict.
        """
        self.runs = runs
        self.prepared = runs.prepared
        self.level = runs.prepared.level
        self.name = runs.prepared.judged.name
        self.report = report
        self.graded = graded

    def verdict(self, remarks: Sequence[Text] = ()) -> Verdict:
        """The verdict; its message ends with the remarks."""
        trials = self._trials()
        comparison = compare_trials(trials)
        small_cases = self._started_small_cases(comparison)
        diagnosis = diagnose_comparison(
            comparison, self.prepared.predictions, self.prepared.table_for
        )
        exposure = None
        if diagnosis.verdict == "pass":
            diagnosis = self._with_style_warnings(trials, diagnosis)
            exposure = self.prepared.exposure
        details = self._details(small_cases, comparison, diagnosis)
        labels = {name: array.label for name, array in self.prepared.judged.arrays.items()}
        all_remarks = [*details.remarks(), *remarks]
        message = diagnosis_text(diagnosis, self.name, labels, exposure, all_remarks)
        if diagnosis.kind == "import-error" and diagnosis.raised is not None:
            message = import_error_message(diagnosis.raised, message)
        line, column, source_line = self._marked_line(diagnosis, details)
        return Verdict(
            file=self.runs.answer.name,
            level=self.level.name,
            level_revision=self.level.revision,
            class_name=self.name,
            verdict=diagnosis.verdict,
            kind=diagnosis.kind,
            message=message,
            line=line,
            column=column,
            source_line=source_line,
            counterexample=self._counterexample(details),
            mistakes=_named_mistakes(diagnosis),
            first_difference=_first_difference(diagnosis),
            computed={name: found.text for name, found in diagnosis.computed.items()},
            excludes=None if exposure is None else exposure.exclusions(),
            warnings=diagnosis.warnings,
            cases=CaseCounts(len(diagnosis.trials), diagnosis.failed),
            case_list=case_outcomes(diagnosis),
            error_maps=error_maps(diagnosis, graded=self.graded),
            printed=self.report.printed,
        )

    def _trials(self) -> list[Trial]:
        rows = zip(
            self.prepared.cases, self.prepared.expected, self.report.observations, strict=True
        )
        return [
            Trial(case, number, expected, observed)
            for number, (case, expected, observed) in enumerate(rows, start=1)
        ]

    def _started_small_cases(self, comparison: ClassComparison) -> SmallCaseRun | None:
        """The small cases of a wrong answer, started; None where there is nothing to shrink."""
        if comparison.verdict not in ("wrong", "error"):
            return None
        numbers = candidate_places(self.prepared.small_trials, comparison)
        try:
            return SmallCaseRun(self.runs, numbers) if numbers else None
        except SandboxError:  # the verdict stands without them
            return None

    def _with_style_warnings(self, trials: Sequence[Trial], diagnosis: Diagnosis) -> Diagnosis:
        """The diagnosis of a pass with the warnings about how the answer computes."""

        def run(cases: Sequence[Case], seconds: float) -> list[Observation]:
            report, seen = self.runs.run(cases, seconds)
            if report.ended.ending is not Ending.FINISHED:
                raise SandboxError(judge_error_text(report.ended.detail))
            return [] if seen is None else seen.observations

        found = style_warnings(
            trials,
            self.prepared.large_case,
            self.level.reference,
            run,
            loops=self.report.loops,
            calls_forward=self.report.calls_forward,
        )
        return dataclasses.replace(diagnosis, warnings=(*diagnosis.warnings, *found))

    def _details(
        self,
        small_cases: SmallCaseRun | None,
        comparison: ClassComparison,
        diagnosis: Diagnosis,
    ) -> VerdictDetails:
        """What follow-up runs add, where there is anything to find."""
        if diagnosis.verdict == "pass" and not diagnosis.warnings:
            return NO_DETAILS

        def run(cases: Sequence[Case]) -> tuple[list[Observation], dict[int, str]]:
            _, seen = self.runs.run(cases)
            return ([], {}) if seen is None else (seen.observations, seen.source_lines)

        small_trials = self._small_trials(small_cases, diagnosis)
        return verdict_details(comparison, diagnosis, small_trials, run)

    def _small_trials(
        self, small_cases: SmallCaseRun | None, diagnosis: Diagnosis
    ) -> Iterator[Trial]:
        """The observed small trials, the most telling first."""
        if small_cases is None:
            return
        small, predictions = self.prepared.small_trials, self.prepared.small_predictions
        for number in promising_places(small_cases.numbers, small, diagnosis, predictions):
            with contextlib.suppress(SandboxError):
                trial = small_cases.trial(number)
                if trial is not None:
                    yield trial

    def _counterexample(self, details: VerdictDetails) -> CounterexampleFields | None:
        found = details.counterexample
        if found is None:
            return None
        worked = (
            [] if self.graded else [self._worked_by_hand(found, wrong) for wrong in found.wrong]
        )
        return found.fields(
            by_hand=[line for line in worked if line],
            script=script_of(found, self.name, self.level.given_source, graded=self.graded),
            graded=self.graded,
        )

    def _worked_by_hand(self, found: Counterexample, wrong: ComparedArray) -> str | None:
        """The calculation of the first wrong entry, or of the first of all."""
        right = np.asarray(found.trial.expected[wrong.array])
        index = wrong.difference.index if wrong.difference is not None else None
        return self.level.by_hand(
            self.name, wrong.array, index or (0,) * right.ndim, found.trial.case
        )

    def _marked_line(
        self, diagnosis: Diagnosis, details: VerdictDetails
    ) -> tuple[int | None, int | None, str | None]:
        """The line to mark, its column and text: where it raised, else where it writes in place."""
        raised = diagnosis.raised
        if raised is not None:
            return raised.line, raised.column, self.report.source_lines.get(raised.line or -1)
        accused = {array for _, array in diagnosis.side_effects}
        for write in sorted(details.writes, key=lambda write: write.array not in accused):
            return write.line, write.column, write.source_line
        return None, None, None


def _named_mistakes(diagnosis: Diagnosis) -> tuple[NamedMistake, ...]:
    side_effects = [NamedMistake(entry.name, array) for entry, array in diagnosis.side_effects]
    return (*(named for f in diagnosis.matches for named in f.named()), *side_effects)


def _first_difference(diagnosis: Diagnosis) -> FirstDifference | None:
    if not diagnosis.wrong:
        return None
    first = diagnosis.wrong[0]
    assert first.difference is not None
    return FirstDifference(
        array=first.array,
        case=first.trial.number,
        index=first.difference.index,
        expected_shape=first.difference.expected_shape,
        received_shape=first.difference.received_shape,
        error=first.difference.error,
    )
