"""The judge: gives every class of an answer its verdict."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

from handgrad.course import Course, Level, load_course
from handgrad.diagnosis.text.aborted_runs import judge_error_text
from handgrad.diagnosis.verdict import Verdict
from handgrad.errors import SandboxError
from handgrad.judging.answer import Answer
from handgrad.judging.one_answer import OneAnswer
from handgrad.judging.own_layers import Own
from handgrad.judging.preparation import Preparation, prepare
from handgrad.judging.run import Run
from handgrad.languages import Text
from handgrad.sandbox import DEFAULT_LIMITS, Ending, Limits, Pool
from handgrad.sandbox.isolation import too_weak

TRIES = 2
SPACE = Text(zh="", en=" ")


class Judge:
    """Judges answers, for one thread at a time. Its children start loading when it is made.

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
            refills: start the next children as soon as an answer is over; else `refill` does it, when
                its verdict is where it belongs.
        """
        self.seed = secrets.randbelow(2**31) if seed is None else seed
        self.graded = graded
        self._pool = Pool(expected=expected_answers) if pool is None else pool
        self.limits = limits
        self._course = course
        self._minimum_isolation = minimum_isolation
        self._refills = refills
        self._prepared: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Preparation] = {}

    @property
    def isolation(self) -> int:
        """The isolation level of its children; 0 when none could be started."""
        try:
            return self._pool.isolation.level
        except SandboxError:
            return 0

    def judge(
        self,
        level: Level,
        answer: Answer,
        class_names: Sequence[str] | None = None,
        own: Own | None = None,
    ) -> list[Verdict]:
        """One verdict for each judged class of the level, or for those named.

        With `own` an answer that passes is tried once more, on its learner's own layers.
        """
        return OneAnswer(self, level, answer, own).verdicts(
            class_names or [judged.name for judged in level.classes]
        )

    def judge_all(
        self, level: Level, answers: Iterable[Answer], class_names: Sequence[str] | None = None
    ) -> Iterator[tuple[Answer, list[Verdict]]]:
        """Every answer with its verdicts, in order; the next children load meanwhile."""
        for answer in answers:
            yield answer, self.judge(level, answer, class_names)

    def prepare(
        self, level: Level, class_names: Sequence[str] | None = None, own: Sequence[str] = ()
    ) -> Preparation:
        """The cases and reference answers of some classes, drawn once and kept."""
        names = tuple(class_names or [judged.name for judged in level.classes])
        key = (f"{level.name}/{level.revision}", names, tuple(own))
        if key not in self._prepared:
            self._prepared[key] = prepare(level, names, self.seed, self.limits, own)
        return self._prepared[key]

    @contextlib.contextmanager
    def running(
        self, preparation: Preparation, answer: Answer, *, tries: int = TRIES
    ) -> Iterator[Run]:
        """An answer that ran in a fresh child, or in another one when the sandbox failed at first.

        The next children are forked when this one is over: it needs the processors itself.

        Raises:
            SandboxError: it failed again, or this machine's isolation is weaker than asked for.
        """
        if self._minimum_isolation > 1 and self.isolation < self._minimum_isolation:
            raise SandboxError(too_weak(self._pool.isolation, self._minimum_isolation))
        run = self._started(preparation, answer, tries)
        try:
            yield run
        finally:
            run.close()
            if self._refills:
                self._pool.refill()

    def refill(self) -> None:
        """Start the next children. What fails is told to whoever takes one."""
        with contextlib.suppress(SandboxError):
            self._pool.refill()

    def _started(self, preparation: Preparation, answer: Answer, tries: int) -> Run:
        failure = SandboxError(judge_error_text())
        for _ in range(tries):
            try:
                run = Run(self._pool.take(), preparation, answer)
            except SandboxError as error:
                failure = error
            else:
                if run.report.ended.ending is not Ending.FAULT:
                    return run
                run.close()
                failure = SandboxError(judge_error_text(run.report.ended.detail))
            self._pool.refill()
        raise failure

    def own_classes(self, level: Level, answer: Answer, defined: Sequence[str]) -> list[str]:
        """The given classes that the answer itself defines and that pass their own level."""
        own = []
        for given in level.given:
            if given.name in defined and given.level is not None:
                self._course = self._course or load_course()
                home = self._course.level(given.level)
                verdicts = self.judge(home, answer, [given.name])
                if all(verdict.verdict == "pass" for verdict in verdicts):
                    own.append(given.name)
        return own

    def close(self) -> None:
        """End the children that were not needed."""
        self._pool.close()

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
