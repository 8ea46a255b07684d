"""One answer in a child of its own, which can be asked for more until it is closed."""

from __future__ import annotations

from collections.abc import Sequence

from handgrad.judging.answer import Answer, PassedSource
from handgrad.judging.preparation import Preparation
from handgrad.judging.run_report import RunReader, RunReport
from handgrad.sandbox import Child, Ending


class Run:
    """An answer that ran on the cases of a preparation, and the child it ran in.

    Asking again costs a fifth of a fresh child: nothing is forked, and every page that the answer
    writes to is the child's own already. The answer's module is run afresh each time, so that what
    it kept in globals or class attributes does not reach from one job into the next.

    Attributes:
        report: what was seen of the first job.
    """

    def __init__(self, child: Child, preparation: Preparation, answer: Answer) -> None:
        """Run the answer.

        Raises:
            SandboxError: the child could not be started or was lost. It is ended then.
        """
        self._child = child
        try:
            self._begin(preparation, preparation.job(answer.name, answer.source, answer.passed))
            self.report = self._reading.to_its_end()
        except BaseException:  # whatever it was, no child is left behind
            child.end()
            raise

    def _begin(self, preparation: Preparation, job: bytes) -> RunReader:
        cases = {prepared.judged.name: len(prepared.cases) for prepared in preparation.classes}
        limits = preparation.limits
        self._reading = RunReader(self._child.ask(job, limits), cases, limits)
        return self._reading

    @property
    def goes_on(self) -> bool:
        """Whether the last job came to its end, so that there may be another; waits for that end.

        Raises:
            SandboxError: the child was lost.
        """
        return self._reading.to_its_end().ended.ending is Ending.FINISHED

    def begin_again(self, preparation: Preparation) -> RunReader:
        """Have the same answer run on other cases, where it `goes_on`; what came is read later.

        Raises:
            SandboxError: the child was lost.
        """
        return self._begin(preparation, preparation.further_job)

    def ask_again(self, preparation: Preparation, passed: Sequence[PassedSource] = ()) -> RunReport:
        """Run the same answer on other cases, or with its learner's own layers, where it `goes_on`.

        Raises:
            SandboxError: the child was lost.
        """
        job = preparation.further_job_with(passed) if passed else preparation.further_job
        return self._begin(preparation, job).to_its_end()

    def close(self) -> None:
        """Kill the child, and leave nothing of it behind."""
        self._child.end()
