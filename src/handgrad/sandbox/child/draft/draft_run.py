"""A draft in a child: run once on a small case and traced expression by expression.

Frames, in order: ``left-out`` where lines with syntax errors were left out (`syntax_recovery`);
``loaded``; ``class`` for each class; ``end``. ``trace`` may come between any two of them (`tracer`). The
process ends with the draft, and no judged answer ever runs in it; a reader of answers takes none of the
frames ``left-out`` and ``trace``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import numpy as np

from ...protocol.buffers import trusted_bytes, trusted_inputs
from ...protocol.script import compile_script, run_script
from ..answer import exception_report
from ..answer.loaded_answer import LoadedAnswer
from ..answer.source import AnswerProblem, AnswerSource
from .failed_operation import OperationFinder
from .instrumentation import InstrumentedTree, instrument
from .syntax_recovery import read_draft
from .tracer import Tracer

if TYPE_CHECKING:
    from ...protocol.frames import (
        DraftClassFields,
        DraftClassFrame,
        DraftJob,
    )
    from ..channel import Channel

GIVEN = "<given>"
TOO_DEEP = AnswerProblem("syntax-error", line=1, reason="too deeply nested")


class DraftAnswer(LoadedAnswer):
    """An answer whose problems also say which operation failed."""

    operations: OperationFinder

    def problem_of(self, error: BaseException) -> AnswerProblem:
        """An exception of the draft's code as a problem."""
        problem = super().problem_of(error)
        problem.facts["operation"] = self.operations.of(error)
        return problem

    def compile(self) -> None:
        """Compile it: instrumentation may have nested it too deeply.

        Raises:
            AnswerProblem: ``syntax-error``.
        """
        try:
            self._code  # noqa: B018 -- kept for the run
        except (RecursionError, MemoryError):
            raise TOO_DEEP from None


class DraftRun:
    """One draft, and the small cases that its classes run on."""

    def __init__(self, channel: Channel, job: DraftJob, payload: bytearray) -> None:
        self._channel = channel
        self._job = job
        self._payload = payload

    def run(self) -> None:
        """Run and trace it to its end."""
        try:
            self._run()
        except AnswerProblem as problem:
            self._channel.send({"frame": "loaded", "problem": problem.fields()})
        self._channel.send({"frame": "end"})

    def _run(self) -> None:
        source, left_out = read_draft(trusted_bytes(self._job["source"], self._payload))
        if left_out is not None:
            self._channel.send({"frame": "left-out", "problem": left_out.fields()})
        tree = _instrumented(source.tree)
        answer = DraftAnswer(
            self._job["name"], AnswerSource(source.text, tree.tree, source.guessed_encoding)
        )
        tracer = self._tracer = Tracer(self._channel, answer.lines, tree.points)
        self._point_count = len(tree.points)
        answer.operations = OperationFinder(tracer, {answer.file: tree})
        answer.compile()
        try:
            answer.run(tracer.helpers())
        finally:
            tracer.flush()
        self._channel.send({"frame": "loaded", "problem": None})
        names = self._given_to(answer, self._job["given"])
        for wanted in self._job["classes"]:
            result = self._run_class(answer, wanted, names)
            tracer.flush()
            self._channel.send(result)

    def _given_to(self, answer: DraftAnswer, given: str | ast.Module) -> dict[str, Any]:
        """The level's given classes, replaced by those that the draft itself defines."""
        names: dict[str, Any] = {"__name__": "given"}
        names["__builtins__"] = answer.names["__builtins__"]
        exec(compile(given, GIVEN, "exec"), names)
        return names | {name: answer.names[name] for name in answer.class_names}

    def _run_class(
        self, answer: DraftAnswer, wanted: DraftClassFields, given: dict[str, Any]
    ) -> DraftClassFrame:
        result: DraftClassFrame = {
            "frame": "class",
            "name": wanted["name"],
            "problem": None,
            "raised": None,
            "operation": None,
        }
        try:
            answer.check_class(wanted)
        except AnswerProblem as problem:
            result["problem"] = problem.fields()
            if problem.kind == "missing-class":
                return result
        error = self._error_of(answer, wanted, given)
        if error is not None:
            result["raised"] = exception_report.report_of(error, answer.file, answer.lines)
            if exception_report.innermost(error, (GIVEN,)) is not None:
                again = self._run_again(answer, wanted)
                error = error if again is None else again
            result["operation"] = answer.operations.of(error)
        return result

    def _error_of(
        self, answer: DraftAnswer, wanted: DraftClassFields, given: dict[str, Any]
    ) -> BaseException | None:
        """Run a class on its case, to the end or to an exception."""
        inputs = trusted_inputs(wanted["inputs"], self._payload)
        with np.errstate(all="ignore"):
            script = compile_script(wanted["script"])
            return run_script(script, given | inputs, (), answer.file).error

    def _run_again(self, answer: DraftAnswer, wanted: DraftClassFields) -> BaseException | None:
        """Run the same again with the given classes traced too, since one of them raised.

        Tracing them always would cost more than all the rest of a draft.
        """
        traced = instrument(ast.parse(self._job["given"]), self._point_count, statements=False)
        answer.operations.add(GIVEN, traced)
        self._tracer.is_repeating = True
        try:
            return self._error_of(answer, wanted, self._given_to(answer, traced.tree))
        finally:
            self._tracer.is_repeating = False


def _instrumented(tree: ast.Module) -> InstrumentedTree:
    try:
        return instrument(tree)
    except RecursionError:
        raise TOO_DEEP from None
