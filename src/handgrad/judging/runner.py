"""Runs answers in children of a pool: within their limits, and once more when the sandbox fails."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from handgrad.diagnosis.text.aborted_runs import judge_error_text
from handgrad.errors import SandboxError
from handgrad.judging.answer import Answer
from handgrad.judging.answer_run import AnswerRun
from handgrad.judging.prepared_run import PreparedRun
from handgrad.sandbox import Ending, Limits, Pool
from handgrad.sandbox.isolation import too_weak

TRIES = 2


class Runner:
    """Runs answers, for one thread at a time.

    Attributes:
        limits: what an answer may use.
    """

    def __init__(
        self, pool: Pool, limits: Limits, *, minimum_isolation: int = 1, refills: bool = True
    ) -> None:
        """Prepare it.

        Args:
            pool: where the children come from; `close` closes it.
            limits: what an answer may use.
            minimum_isolation: run nothing below this isolation level.
            refills: start the next children as soon as an answer is over, else only in `refill`.
        """
        self._pool = pool
        self.limits = limits
        self._minimum_isolation = minimum_isolation
        self._refills = refills

    @property
    def isolation(self) -> int:
        """The isolation level of the children; 0 when none could be started."""
        try:
            return self._pool.isolation.level
        except SandboxError:
            return 0

    @contextlib.contextmanager
    def running(
        self, prepared: PreparedRun, answer: Answer, *, tries: int = TRIES
    ) -> Iterator[AnswerRun]:
        """An answer that ran in a fresh child, or in another one when the sandbox failed at first.

        The next children are forked when this one is over, since it needs the processors itself.

        Raises:
            SandboxError: the sandbox failed each time, or its isolation is weaker than required.
        """
        if self._minimum_isolation > 1 and self.isolation < self._minimum_isolation:
            raise SandboxError(too_weak(self._pool.isolation, self._minimum_isolation))
        run = self._started(prepared, answer, tries)
        try:
            yield run
        finally:
            run.close()
            if self._refills:
                self._pool.refill()

    def refill(self) -> None:
        """Start the next children. If that fails, whoever takes one gets the error."""
        with contextlib.suppress(SandboxError):
            self._pool.refill()

    def _started(self, prepared: PreparedRun, answer: Answer, tries: int) -> AnswerRun:
        failure = SandboxError(judge_error_text())
        for _ in range(tries):
            try:
                run = AnswerRun(self._pool.take(), prepared, answer)
            except SandboxError as error:
                failure = error
            else:
                if run.report.ended.ending is not Ending.FAULT:
                    return run
                run.close()
                failure = SandboxError(judge_error_text(run.report.ended.detail))
            self._pool.refill()
        raise failure

    def close(self) -> None:
        """End the children that were not needed."""
        self._pool.close()
