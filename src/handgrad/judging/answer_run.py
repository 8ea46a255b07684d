"""One answer in a child of its own, which runs further cases until it is closed."""

from __future__ import annotations

from collections.abc import Sequence

from handgrad.judging.answer import Answer, OwnLayers
from handgrad.judging.prepared_run import PreparedRun
from handgrad.judging.run_report import RunReader, RunReport
from handgrad.sandbox import Child, Ending


class AnswerRun:
    """An answer that ran on prepared cases, and the child it ran in.

    A follow-up run takes a fifth of the time of a fresh child: nothing is forked, and the pages that
    the answer writes to are the child's own already. Each run loads the answer's module again, so that
    what it keeps in globals or class attributes does not reach the next run.

    Attributes:
        report: of the first run.
    """

    def __init__(self, child: Child, prepared: PreparedRun, answer: Answer) -> None:
        """Run the answer.

        Raises:
            SandboxError: the child could not be started or was lost. It is ended then.
        """
        self._child = child
        try:
            self._start(prepared, prepared.job(answer.name, answer.source, answer.own_layers))
            self.report = self._reader.to_its_end()
        except BaseException:  # no child is left behind, whatever happens
            child.end()
            raise

    def _start(self, prepared: PreparedRun, job: bytes) -> RunReader:
        cases = {one.judged.name: len(one.cases) for one in prepared.classes}
        limits = prepared.limits
        self._reader = RunReader(self._child.ask(job, limits), cases, limits)
        return self._reader

    @property
    def can_run_again(self) -> bool:
        """Whether the last run came to its end, so that there may be another; waits for that end.

        Raises:
            SandboxError: the child was lost.
        """
        return self._reader.to_its_end().ended.ending is Ending.FINISHED

    def start_again(self, prepared: PreparedRun) -> RunReader:
        """Start the same answer on other cases, where it `can_run_again`; the caller reads the results.

        Raises:
            SandboxError: the child was lost.
        """
        return self._start(prepared, prepared.follow_up_job)

    def run_again(self, prepared: PreparedRun, own_layers: Sequence[OwnLayers] = ()) -> RunReport:
        """Run the same answer on other cases, or on its learner's layers, where it `can_run_again`.

        Raises:
            SandboxError: the child was lost.
        """
        job = prepared.follow_up_job_with(own_layers) if own_layers else prepared.follow_up_job
        return self._start(prepared, job).to_its_end()

    def close(self) -> None:
        """Kill the child and everything it started."""
        self._child.end()
