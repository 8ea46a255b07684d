"""A draft in a child: run once on a small case of its own, and followed expression by expression.

Frames: ``left-out`` where lines are that Python cannot read, see `mending`; ``loaded`` (with its
problem); for each class ``class``; ``end``. Between any two of them ``trace``, see `tracing`. None of them is one that a judged answer's reader takes, and this process
ends with the draft: no judged answer ever runs in it.
"""

from __future__ import annotations

import ast
import traceback
from typing import Any

import numpy as np

from ...protocol.buffers import trusted_array
from ...protocol.script import compile_script, run_script
from ..answer import exception_report
from ..answer.loaded_answer import Answer
from ..answer.source import Problem, Source
from .failed_operation import Operations
from .instrumentation import Instrumented, instrument
from .syntax_recovery import read_draft
from .tracer import Sender, Tracer

GIVEN = "<given>"
TOO_DEEP = Problem("syntax-error", line=1, reason="too deeply nested")


class FollowedAnswer(Answer):
    """An answer whose problems also say what it was doing."""

    operations: Operations

    def problem_of(self, error: BaseException) -> Problem:
        """The problem that an exception of the answer's is."""
        problem = super().problem_of(error)
        problem.facts["operation"] = self.operations.of(error)
        return problem

    def compile(self) -> None:
        """Compile it, which rewriting may have made too deep for.

        Raises:
            Problem: ``syntax-error``.
        """
        try:
            self._code  # noqa: B018 -- kept for the run
        except (RecursionError, MemoryError):
            raise TOO_DEEP from None


class Draft:
    """One draft, and the small cases that its classes are run on."""

    def __init__(self, channel: Sender, job: dict[str, Any], payload: bytearray) -> None:
        self._channel = channel
        self._job = job
        self._payload = payload

    def run(self) -> None:
        """Follow it to its end."""
        try:
            self._run()
        except Problem as problem:
            self._channel.send({"frame": "loaded", "problem": _told(problem)})
        self._channel.send({"frame": "end"})

    def _run(self) -> None:
        start, size = self._job["source"]["at"], self._job["source"]["nbytes"]
        source, left_out = read_draft(bytes(self._payload[start : start + size]))
        if left_out is not None:
            self._channel.send({"frame": "left-out", "problem": _told(left_out)})
        draft = _instrumented(source.tree)
        answer = FollowedAnswer(
            self._job["name"], Source(source.text, draft.tree, source.guessed_encoding)
        )
        tracer = self._tracer = Tracer(self._channel, answer.lines)
        tracer.follow(draft)
        self._places = len(draft.places)
        answer.operations = Operations(tracer, {answer.file: draft})
        answer.compile()
        try:
            answer.run(tracer.helpers())
        finally:
            tracer.flush()
        self._channel.send({"frame": "loaded", "problem": None})
        names = self._given_to(answer, self._job["given"])
        for wanted in self._job["classes"]:
            told = self._run_class(answer, wanted, names)
            tracer.flush()
            self._channel.send(told)

    def _given_to(self, answer: FollowedAnswer, given: str | ast.Module) -> dict[str, Any]:
        """The level's given classes; those that the draft itself defines come first."""
        names: dict[str, Any] = {"__name__": "given"}
        names["__builtins__"] = answer.names["__builtins__"]
        exec(compile(given, GIVEN, "exec"), names)
        return names | {name: answer.names[name] for name in answer.class_names}

    def _run_class(
        self, answer: FollowedAnswer, wanted: dict[str, Any], given: dict[str, Any]
    ) -> dict[str, Any]:
        told: dict[str, Any] = {"frame": "class", "name": wanted["name"]}
        told |= {"problem": None, "raised": None, "operation": None}
        try:
            answer.check_class(wanted)
        except Problem as problem:
            told["problem"] = _told(problem)
            if problem.kind == "missing-class":
                return told
        error = self._error_of(answer, wanted, given)
        if error is not None:
            report = exception_report.report_of(error, answer.file)
            told["raised"] = exception_report.columns_as_seen(report, answer.lines)
            if _came_out_of(GIVEN, error):
                error = self._again(answer, wanted) or error
            told["operation"] = answer.operations.of(error)
        return told

    def _error_of(
        self, answer: FollowedAnswer, wanted: dict[str, Any], given: dict[str, Any]
    ) -> BaseException | None:
        """Run a class on its case, to the end or to an exception."""
        inputs = {
            name: one["plain"] if "plain" in one else trusted_array(one, self._payload)
            for name, one in wanted["inputs"].items()
        }
        with np.errstate(all="ignore"):
            script = compile_script(wanted["script"])
            return run_script(script, given | inputs, (), answer.file).error

    def _again(self, answer: FollowedAnswer, wanted: dict[str, Any]) -> BaseException | None:
        """The same once more with the given classes followed, since it is one of them that raised.

        Following them always would cost more than all the rest of a draft.
        """
        followed = instrument(ast.parse(self._job["given"]), self._places, statements=False)
        answer.operations.add(GIVEN, followed)
        self._tracer.is_repeating = True
        try:
            return self._error_of(answer, wanted, self._given_to(answer, followed.tree))
        finally:
            self._tracer.is_repeating = False


def _came_out_of(file: str, error: BaseException) -> bool:
    """Whether it passed through that file."""
    names = [f.f_code.co_filename for f, _ in traceback.walk_tb(error.__traceback__)]
    return file in names


def _instrumented(tree: ast.Module) -> Instrumented:
    try:
        return instrument(tree)
    except RecursionError:
        raise TOO_DEEP from None


def _told(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "line": problem.line,
        "column": problem.column,
        "facts": problem.facts,
    }
