"""Layers that the learner wrote for earlier levels: an answer may be given them in place of the level's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...protocol.buffers import trusted_bytes
from .imports import guarded_builtins
from .source import AnswerProblem, AnswerSource, read_source

if TYPE_CHECKING:
    from ...protocol.frames import AnswerJob

MODULE = "passed"

LearnerSource = tuple[list[str], AnswerSource]
"""The names of the classes that are used, and the source that defines them."""


def learner_sources(job: AnswerJob, payload: bytearray) -> list[LearnerSource]:
    """The sources that a job brings. One that cannot be read is left out.

    (It could be read when it passed, so this is only a precaution.)
    """
    found = []
    for one in job.get("passed", ()):
        try:
            source = read_source(trusted_bytes(one, payload))
        except AnswerProblem:
            continue
        found.append((one["names"], source))
    return found


def learner_classes(sources: list[LearnerSource]) -> dict[str, type]:
    """Their classes by name, from a new run. A source that raises is left out: the level's own serve."""
    classes: dict[str, type] = {}
    for names, source in sources:
        module: dict[str, Any] = {"__name__": MODULE, "__builtins__": guarded_builtins(MODULE)}
        try:
            exec(compile(source.tree, "<passed>", "exec", dont_inherit=True), module)
        except Exception:  # a learner's code may raise anything
            continue
        for name in names:
            if isinstance(module.get(name), type):
                classes[name] = module[name]
    return classes
