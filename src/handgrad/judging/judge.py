"""The judge: gives every class of an answer its verdict."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from handgrad.course import Course, Level
from handgrad.diagnosis.verdict import Verdict
from handgrad.judging.answer import Answer
from handgrad.judging.answer_verdicts import AnswerJudging, JudgingSetup
from handgrad.judging.own_layers import LoadOwnLayers
from handgrad.judging.prepared_run import PreparedRun, PreparedRuns
from handgrad.judging.runner import Runner
from handgrad.sandbox import DEFAULT_LIMITS, Limits, Pool


class Judge:
    """Judges answers, for one thread at a time. Its children start loading when it is made.

    >>> from handgrad.course import load_course
    >>> level = load_course().level("fully-connected")
    >>> with Judge(seed=1, expected_answers=1) as judge:
    ...     [verdict] = judge.judge(level, Answer("solution.py", level.solution.encode()))
    >>> verdict.verdict
    'pass'

    Attributes:
        seed: what all its cases are drawn from; the same seed gives the same cases.
        limits: what an answer may use.
    """

    def __init__(
        self,
        seed: int | None = None,
        *,
        graded: bool = False,
        pool: Pool | None = None,
        expected_answers: int | None = None,
        limits: Limits = DEFAULT_LIMITS,
        course: Course | None = None,
        minimum_isolation: int = 1,
        refills: bool = True,
    ) -> None:
        """Start the judge.

        Args:
            seed: a number from 0; drawn at random when not given.
            graded: leave every expected value out of the verdicts.
            pool: children started earlier; the judge closes it.
            expected_answers: how many answers will come, when known.
            limits: what an answer may use.
            course: where the levels of given classes are found; the package's by default.
            minimum_isolation: run nothing below this isolation level; every verdict is then
                ``judge-error`` and says why.
            refills: start the next children as soon as an answer is over. If false, `refill` starts
                them, so that the caller can deliver the verdict first.
        """
        self.seed = secrets.randbelow(2**31) if seed is None else seed
        self.limits = limits
        self._runner = Runner(
            Pool(expected=expected_answers) if pool is None else pool,
            limits,
            minimum_isolation=minimum_isolation,
            refills=refills,
        )
        self._prepared_runs = PreparedRuns(self.seed, limits)
        self._setup = JudgingSetup(
            self._runner, self._prepared_runs, self.seed, graded=graded, course=course
        )

    @property
    def isolation(self) -> int:
        """The isolation level of its children; 0 when none could be started."""
        return self._runner.isolation

    def judge(
        self,
        level: Level,
        answer: Answer,
        class_names: Sequence[str] | None = None,
        load_own_layers: LoadOwnLayers | None = None,
    ) -> list[Verdict]:
        """One verdict for each judged class of the level, or for those named.

        With `load_own_layers` an answer that passes runs once more, on its learner's own layers.
        """
        judging = AnswerJudging(self._setup, level, answer, load_own_layers)
        return judging.verdicts(class_names or _all_classes(level))

    def prepare(self, level: Level, class_names: Sequence[str] | None = None) -> PreparedRun:
        """The cases and reference answers of some classes, drawn once and kept."""
        return self._prepared_runs.get(level, class_names or _all_classes(level))

    def refill(self) -> None:
        """Start the next children. If that fails, whoever takes one gets the error."""
        self._runner.refill()

    def close(self) -> None:
        """End the children that were not needed."""
        self._runner.close()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _all_classes(level: Level) -> list[str]:
    return [judged.name for judged in level.classes]
