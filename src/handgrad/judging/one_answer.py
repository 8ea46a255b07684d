"""The way of one answer through the judge: run, examined, looked at more closely, told."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

import handgrad
from handgrad.course import Level
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
from handgrad.diagnosis.text.syntax_and_encoding import guessed_encoding_notice
from handgrad.diagnosis.verdict import (
    CaseCounts,
    CounterexampleFields,
    FirstDifference,
    NamedMistake,
    Verdict,
)
from handgrad.errors import HandgradError, SandboxError
from handgrad.judging import undecided
from handgrad.judging.answer import Answer
from handgrad.judging.closer_look import NOTHING, CloserLook, look_closer
from handgrad.judging.further import Ahead, Further
from handgrad.judging.manner import manner
from handgrad.judging.own_layers import Own, all_pass, decided_with_own
from handgrad.judging.preparation import Preparation, PreparedClass
from handgrad.judging.run import Run
from handgrad.judging.run_report import ClassReport, LoadProblem, RunReport
from handgrad.languages import Text
from handgrad.sandbox import Ending

if TYPE_CHECKING:
    from handgrad.judging.judge import Judge

SPACE = Text(zh="", en=" ")
NOT_YOUR_OWN = Text(
    zh="注意：文件里的 {names} 还没有通过它自己的关卡，这里用的是关卡自带的。",
    en="Note: the file's own {names} does not pass its own level yet; the level's was used in its place.",
)


class OneAnswer:
    """The way of one answer through the judge."""

    def __init__(self, judge: Judge, level: Level, answer: Answer, own: Own | None = None) -> None:
        self.judge = judge
        self.level = level
        self.answer = answer
        self.own = own
        self.started = time.perf_counter()
        self.unused: list[str] = []

    def verdicts(self, class_names: Sequence[str]) -> list[Verdict]:
        """One verdict a class, in the level's order.

        A class that ends its process takes no other class with it: those that come after it run
        in a fresh child.
        """
        verdicts: list[Verdict] = []
        remaining = [judged.name for judged in self.level.classes if judged.name in class_names]
        own: list[str] = []
        try:
            while remaining:
                preparation = self.judge.prepare(self.level, remaining, own)
                with self.judge.running(preparation, self.answer) as run:
                    defines = run.report.defines
                    if not own and defines:
                        own = self.judge.own_classes(self.level, self.answer, defines)
                        if own:
                            continue
                    self.unused = [
                        given.name
                        for given in self.level.given
                        if given.level is not None and given.name in {*defines} - {*own}
                    ]
                    decided = self._decided(preparation, run, run.report)
                    decided = self._with_own_layers(preparation, run, decided)
                verdicts += decided
                remaining = remaining[len(decided) :]
        except Exception as error:  # noqa: BLE001 -- whatever fails here is our fault, not the answer's
            text = error.text if isinstance(error, HandgradError) else _internal(error)
            fault = undecided.Outcome("judge-error", None, text)
            verdicts += [self._verdict(name, fault) for name in remaining]
        return verdicts

    def _with_own_layers(
        self, preparation: Preparation, run: Run, alone: list[Verdict]
    ) -> list[Verdict]:
        """Verdicts that pass, with what the learner's own layers make of them."""
        if self.own is None or not self.level.given or not all_pass(alone):
            return alone
        passed = self.own()
        if not passed:
            return alone
        answer = dataclasses.replace(self.answer, passed=passed)
        if run.goes_on:
            again = self._decided(preparation, run, run.ask_again(preparation, passed))
        else:
            with self.judge.running(preparation, answer) as fresh:
                again = self._decided(preparation, fresh, fresh.report)
        return [
            dataclasses.replace(one, milliseconds=self._milliseconds())
            for one in decided_with_own(alone, again, passed)
        ]

    def _decided(self, preparation: Preparation, run: Run, report: RunReport) -> list[Verdict]:
        """The verdicts of the classes that this run decides: at least the first."""
        if report.problem is not None or not report.is_loaded:
            return [
                self._of_outcome(p, report, report.problem, report.printed_before)
                for p in preparation.classes
            ]
        decided = []
        for prepared in preparation.classes:
            seen = report.classes.get(prepared.judged.name)
            if seen is None or not seen.is_complete:
                printed = seen.printed if seen else report.printed_before
                decided.append(self._of_outcome(prepared, report, None, printed))
                break
            if seen.problem is not None:
                decided.append(self._of_outcome(prepared, report, seen.problem, seen.printed))
            else:
                found = self._of_trials(preparation, prepared, run, seen)
                decided.append(dataclasses.replace(found, milliseconds=self._milliseconds()))
        return decided

    def _milliseconds(self) -> float:
        """How long it has taken so far."""
        return (time.perf_counter() - self.started) * 1e3

    def _of_trials(
        self,
        preparation: Preparation,
        prepared: PreparedClass,
        run: Run,
        seen: ClassReport,
    ) -> Verdict:
        trials = [
            Trial(case, number, expected, observed)
            for number, (case, expected, observed) in enumerate(
                zip(prepared.cases, prepared.expected, seen.observations, strict=True), start=1
            )
        ]
        comparison = compare_trials(trials)
        further = Further(self.judge, preparation, prepared, self.answer, run)
        ahead = _begun_ahead(further, comparison)
        diagnosis = diagnose_comparison(comparison, prepared.predictions, prepared.table_for)
        labels = {name: array.label for name, array in prepared.judged.arrays.items()}
        exposed = prepared.exposure if diagnosis.verdict == "pass" else None
        if diagnosis.verdict == "pass":
            diagnosis = self._with_manner(further, trials, diagnosis, seen)
        closer = self._closer_look(further, ahead, comparison, diagnosis)
        remarks = [*closer.told(), *self._about_own_classes()]
        message = diagnosis_text(diagnosis, prepared.judged.name, labels, exposed, remarks)
        if diagnosis.kind == "import-error" and diagnosis.raised is not None:
            message = undecided.import_error(diagnosis.raised, message)
        outcome = undecided.Outcome(diagnosis.verdict, diagnosis.kind, message)
        line, column, source_line = _marked(diagnosis, closer, seen)
        return dataclasses.replace(
            self._verdict(prepared.judged.name, outcome, run.report),
            line=line,
            column=column,
            source_line=source_line,
            counterexample=self._counterexample(prepared, closer),
            mistakes=_named(diagnosis),
            first_difference=_first_difference(diagnosis),
            computed={name: found.text for name, found in diagnosis.computed.items()},
            excludes=None if exposed is None else exposed.exclusions(),
            warnings=diagnosis.warnings,
            cases=CaseCounts(len(diagnosis.trials), diagnosis.failed),
            case_list=case_outcomes(diagnosis),
            error_maps=error_maps(diagnosis, graded=self.judge.graded),
            printed=seen.printed,
        )

    def _about_own_classes(self) -> list[Text]:
        if not self.unused:
            return []
        return [NOT_YOUR_OWN.format(names=", ".join(self.unused))]

    def _closer_look(
        self,
        further: Further,
        ahead: Ahead | None,
        comparison: ClassComparison,
        diagnosis: Diagnosis,
    ) -> CloserLook:
        """What a few more cases show, where there is something to find out."""
        if diagnosis.verdict == "pass" and not diagnosis.warnings:
            return NOTHING

        def run(cases: Sequence[Case]) -> tuple[list[Observation], dict[int, str]]:
            _, seen = further.run(cases)
            return ([], {}) if seen is None else (seen.observations, seen.source_lines)

        def small() -> Iterator[Trial]:
            if ahead is not None:
                prepared = further.prepared
                for place in promising_places(
                    ahead.places, prepared.small, diagnosis, prepared.small_predictions
                ):
                    with contextlib.suppress(SandboxError):
                        trial = ahead.trial(place)
                        if trial is not None:
                            yield trial

        return look_closer(comparison, diagnosis, small(), run)

    def _with_manner(
        self,
        further: Further,
        trials: Sequence[Trial],
        diagnosis: Diagnosis,
        seen: ClassReport,
    ) -> Diagnosis:
        """The diagnosis of a pass, with the warnings that its manner deserves."""

        def run(cases: Sequence[Case], seconds: float) -> list[Observation]:
            report, again = further.run(cases, seconds)
            if report.ended.ending is not Ending.FINISHED:
                raise SandboxError(judge_error_text(report.ended.detail))
            return [] if again is None else again.observations

        found = manner(
            trials,
            further.prepared.large,
            self.level.reference,
            run,
            loops=seen.loops,
            calls_forward=seen.calls_forward,
        )
        return dataclasses.replace(diagnosis, warnings=(*diagnosis.warnings, *found))

    def _counterexample(
        self, prepared: PreparedClass, closer: CloserLook
    ) -> CounterexampleFields | None:
        one, name = closer.counterexample, prepared.judged.name
        if one is None:
            return None
        graded = self.judge.graded
        worked = [] if graded else [self._by_hand(name, one, wrong) for wrong in one.wrong]
        given = self.level.given_source
        return one.fields(
            by_hand=[line for line in worked if line],
            script=script_of(one, name, given, graded=graded),
            graded=graded,
        )

    def _by_hand(self, name: str, one: Counterexample, wrong: ComparedArray) -> str | None:
        """The first entry that is wrong, or the first of all, worked out."""
        right = np.asarray(one.trial.expected[wrong.array])
        index = wrong.difference.index if wrong.difference is not None else None
        return self.level.by_hand(name, wrong.array, index or (0,) * right.ndim, one.trial.case)

    def _of_outcome(
        self, prepared: PreparedClass, report: RunReport, problem: LoadProblem | None, printed: str
    ) -> Verdict:
        """The verdict of a class that no trial decides: for its problem, else for the run's end."""
        name = prepared.judged.name
        if problem is None:
            outcome = undecided.of_ending(report.ended, name, self.judge.limits)
            return dataclasses.replace(self._verdict(name, outcome, report), printed=printed)
        return dataclasses.replace(
            self._verdict(name, undecided.of_problem(problem, name), report),
            line=problem.line,
            column=problem.column,
            source_line=problem.source_line,
            printed=printed,
        )

    def _verdict(
        self, class_name: str, outcome: undecided.Outcome, report: RunReport | None = None
    ) -> Verdict:
        message = outcome.message
        if report is not None and report.guessed_encoding is not None:
            message = guessed_encoding_notice(report.guessed_encoding) + SPACE + message
        return Verdict(
            file=self.answer.name,
            level=self.level.name,
            level_revision=self.level.revision,
            class_name=class_name,
            verdict=outcome.verdict,
            kind=outcome.kind,
            message=message,
            seed=self.judge.seed,
            milliseconds=self._milliseconds(),
            isolation=self.judge.isolation,
            handgrad=handgrad.__version__,
        )


def _begun_ahead(further: Further, comparison: ClassComparison) -> Ahead | None:
    """The small cases of a wrong answer, begun; None where there is nothing to shrink."""
    if comparison.verdict not in ("wrong", "error"):
        return None
    places = candidate_places(further.prepared.small, comparison)
    try:
        return Ahead(further, places) if places else None
    except SandboxError:  # it can only add to a verdict
        return None


def _marked(
    diagnosis: Diagnosis, closer: CloserLook, seen: ClassReport
) -> tuple[int | None, int | None, str | None]:
    """The line to be marked, its column and its text: where it raised, else where it writes."""
    raised = diagnosis.raised
    if raised is not None:
        return raised.line, raised.column, seen.source_lines.get(raised.line or -1)
    accused = {array for _, array in diagnosis.side_effects}
    for one in sorted(closer.written, key=lambda one: one.array not in accused):
        return one.line, one.column, one.source_line
    return None, None, None


def _internal(error: Exception) -> Text:
    return judge_error_text(f"{type(error).__name__}: {error}")


def _named(diagnosis: Diagnosis) -> tuple[NamedMistake, ...]:
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
