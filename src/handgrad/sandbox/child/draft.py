"""A draft in a child: run once on a small case of its own, and followed expression by expression.

Frames: ``left-out`` where lines are that Python cannot read, see `mending`; ``loaded`` (with its
problem); for each class ``class``; ``end``. Between any two of them ``trace``, see `tracing`. None of them is one that a judged answer's reader takes, and this process
ends with the draft: no judged answer ever runs in it.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from . import failures
from .buffers import trusted_array
from .instrument import Instrumented, instrument
from .loading import Answer
from .mending import read_draft
from .operations import Operations
from .script import compile_script, run_script
from .source import Problem, Source
from .tracing import Sender, Tracer

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
        tracer = Tracer(self._channel, answer.lines)
        tracer.follow(draft)
        given = instrument(ast.parse(self._job["given"]), len(draft.places), statements=False)
        answer.operations = Operations(tracer, {answer.file: draft, GIVEN: given})
        answer.compile()
        try:
            answer.run(tracer.helpers())
        finally:
            tracer.flush()
        self._channel.send({"frame": "loaded", "problem": None})
        names: dict[str, Any] = {"__name__": "given"}
        names["__builtins__"] = answer.names["__builtins__"]
        exec(compile(given.tree, GIVEN, "exec"), names)
        names |= {
            name: answer.names[name] for name in answer.class_names
        }  # the draft's own come first
        for wanted in self._job["classes"]:
            told = self._run_class(answer, wanted, names)
            tracer.flush()
            self._channel.send(told)

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
        inputs = {
            name: one["plain"] if "plain" in one else trusted_array(one, self._payload)
            for name, one in wanted["inputs"].items()
        }
        names = given | inputs
        with np.errstate(all="ignore"):
            outcome = run_script(compile_script(wanted["script"]), names, (), answer.file)
        if outcome.error is not None:
            report = failures.report(outcome.error, answer.file)
            told["raised"] = failures.columns_as_seen(report, answer.lines)
            told["operation"] = answer.operations.of(outcome.error)
        return told


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
