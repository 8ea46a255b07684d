"""The verdicts of one answer: it is run, each of its classes is judged, and a pass runs on own layers."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence

import handgrad
from handgrad.course import Course, Level, load_course
from handgrad.diagnosis.text.aborted_runs import judge_error_text
from handgrad.diagnosis.text.syntax_and_encoding import guessed_encoding_notice
from handgrad.diagnosis.verdict import Verdict
from handgrad.errors import HandgradError
from handgrad.judging.answer import Answer
from handgrad.judging.answer_run import AnswerRun
from handgrad.judging.class_verdict import ClassJudging
from handgrad.judging.failure_verdicts import FailureVerdict, verdict_of_ending, verdict_of_problem
from handgrad.judging.follow_up_runs import FollowUpRuns
from handgrad.judging.own_layers import LoadOwnLayers, all_pass, verdicts_with_own_layers
from handgrad.judging.prepared_class import PreparedClass
from handgrad.judging.prepared_run import PreparedRun, PreparedRuns
from handgrad.judging.run_report import LoadProblem, RunReport
from handgrad.judging.runner import Runner
from handgrad.languages import Text, name_list

SPACE = Text(zh="", en=" ")
NOT_YOUR_OWN = Text(
    zh="注意：文件里的 {names} 还没有通过自己的关卡，所以这里用的是关卡自带的。",
    en="Note: the file's own {names} does not pass its own level yet, so the level's was used.",
)


@dataclasses.dataclass(frozen=True)
class JudgingSetup:
    """What the answers of one judge share.

    Attributes:
        runner: runs answers.
        prepared_runs: the cases, drawn from the seed.
        seed: what all cases are drawn from.
        graded: leave every expected value out of the verdicts.
        course: where the levels of given classes are found; None for the package's own.
    """

    runner: Runner
    prepared_runs: PreparedRuns
    seed: int
    graded: bool = False
    course: Course | None = None


@dataclasses.dataclass(frozen=True)
class AnswerJudging:
    """Judges one answer."""

    setup: JudgingSetup
    level: Level
    answer: Answer
    load_own_layers: LoadOwnLayers | None = None
    started: float = dataclasses.field(default_factory=time.perf_counter)

    def verdicts(self, class_names: Sequence[str]) -> list[Verdict]:
        """One verdict for each of these classes, in the level's order.

        A class that ends its process does not affect the others: those after it run in a fresh child.
        """
        verdicts: list[Verdict] = []
        remaining = [judged.name for judged in self.level.classes if judged.name in class_names]
        redefined: list[str] = []
        try:
            while remaining:
                prepared = self.setup.prepared_runs.get(self.level, remaining, redefined)
                with self.setup.runner.running(prepared, self.answer) as run:
                    if not redefined:
                        redefined = self._redefined_classes(run.report.defines)
                        if redefined:
                            continue
                    decided = self._decided(prepared, run, run.report)
                    decided = self._with_own_layers(prepared, run, decided)
                verdicts += decided
                remaining = remaining[len(decided) :]
        except Exception as error:  # noqa: BLE001 -- whatever fails here is our fault, not the answer's
            text = error.text if isinstance(error, HandgradError) else _internal_error(error)
            failure = FailureVerdict("judge-error", None, text)
            verdicts += [self._failed(name, failure) for name in remaining]
        return verdicts

    def _redefined_classes(self, defined: Sequence[str]) -> list[str]:
        """The given classes that the answer's file defines itself and that pass their own level."""
        redefined = []
        for given in self.level.given:
            if given.name in defined and given.level is not None:
                home = (self.setup.course or load_course()).level(given.level)
                verdicts = AnswerJudging(self.setup, home, self.answer).verdicts([given.name])
                if all_pass(verdicts):
                    redefined.append(given.name)
        return redefined

    def _with_own_layers(
        self, prepared: PreparedRun, run: AnswerRun, alone: list[Verdict]
    ) -> list[Verdict]:
        """The verdicts; those that all pass are tried with the learner's own layers."""
        if self.load_own_layers is None or not self.level.given or not all_pass(alone):
            return alone
        own_layers = self.load_own_layers()
        if not own_layers:
            return alone
        answer = dataclasses.replace(self.answer, own_layers=own_layers)
        if run.can_run_again:
            with_own = self._decided(prepared, run, run.run_again(prepared, own_layers))
        else:
            with self.setup.runner.running(prepared, answer) as fresh:
                with_own = self._decided(prepared, fresh, fresh.report)
        return [
            dataclasses.replace(one, milliseconds=self._milliseconds())
            for one in verdicts_with_own_layers(alone, with_own, own_layers)
        ]

    def _decided(
        self, prepared_run: PreparedRun, run: AnswerRun, report: RunReport
    ) -> list[Verdict]:
        """The verdicts of the classes that this report decides: at least the first."""
        if report.problem is not None or not report.is_loaded:
            printed = report.printed_before
            return [
                self._without_trials(one, report, report.problem, printed)
                for one in prepared_run.classes
            ]
        decided = []
        for prepared in prepared_run.classes:
            seen = report.classes.get(prepared.judged.name)
            if seen is None or not seen.is_complete:
                printed = seen.printed if seen else report.printed_before
                decided.append(self._without_trials(prepared, report, None, printed))
                break
            if seen.problem is not None:
                decided.append(self._without_trials(prepared, report, seen.problem, seen.printed))
            else:
                runs = FollowUpRuns(self.setup.runner, run, self.answer, prepared_run, prepared)
                judging = ClassJudging(runs, seen, graded=self.setup.graded)
                decided.append(
                    self._signed(judging.verdict(self._remarks(prepared_run, run)), run.report)
                )
        return decided

    def _remarks(self, prepared: PreparedRun, run: AnswerRun) -> list[Text]:
        """A note about classes of the file that were not used, since they do not pass their level."""
        unused = [
            given.name
            for given in self.level.given
            if given.level is not None
            and given.name in {*run.report.defines} - {*prepared.redefined}
        ]
        return [NOT_YOUR_OWN.format(names=name_list(unused))] if unused else []

    def _without_trials(
        self,
        prepared: PreparedClass,
        report: RunReport,
        problem: LoadProblem | None,
        printed: str,
    ) -> Verdict:
        """The verdict of a class that ran no trial: of its problem, else of how the run ended."""
        name = prepared.judged.name
        if problem is None:
            failure = verdict_of_ending(report.ended, name, self.setup.runner.limits)
            return dataclasses.replace(self._failed(name, failure, report), printed=printed)
        return dataclasses.replace(
            self._failed(name, verdict_of_problem(problem, name), report),
            line=problem.line,
            column=problem.column,
            source_line=problem.source_line,
            printed=printed,
        )

    def _failed(
        self, class_name: str, failure: FailureVerdict, report: RunReport | None = None
    ) -> Verdict:
        verdict = Verdict(
            file=self.answer.name,
            level=self.level.name,
            level_revision=self.level.revision,
            class_name=class_name,
            verdict=failure.verdict,
            kind=failure.kind,
            message=failure.message,
        )
        return self._signed(verdict, report)

    def _signed(self, verdict: Verdict, report: RunReport | None) -> Verdict:
        """The verdict with what produced it: the seed, the isolation, the time, the version."""
        message = verdict.message
        if report is not None and report.guessed_encoding is not None:
            message = guessed_encoding_notice(report.guessed_encoding) + SPACE + message
        return dataclasses.replace(
            verdict,
            message=message,
            seed=self.setup.seed,
            milliseconds=self._milliseconds(),
            isolation=self.setup.runner.isolation,
            handgrad=handgrad.__version__,
        )

    def _milliseconds(self) -> float:
        """Since the judging of this answer began."""
        return (time.perf_counter() - self.started) * 1e3


def _internal_error(error: Exception) -> Text:
    return judge_error_text(f"{type(error).__name__}: {error}")
