"""Classes that a learner wrote for earlier levels and that passed there, run afresh to be given."""

from __future__ import annotations

from typing import Any

from .imports import guarded_builtins
from .source import Problem, Source, read_source

MODULE = "passed"


def passed_sources(job: dict[str, Any], payload: bytearray) -> list[tuple[list[str], Source]]:
    """The names wanted of each source that a job brings; one that cannot be read gives none.

    It could be read when it passed: this is but a precaution.
    """
    found = []
    for one in job.get("passed", ()):
        try:
            source = read_source(bytes(payload[one["at"] : one["at"] + one["nbytes"]]))
        except Problem:
            continue
        found.append((one["names"], source))
    return found


def passed_classes(sources: list[tuple[list[str], Source]]) -> dict[str, type]:
    """The classes by name. What raises now though it passed then gives way to the level's own copy."""
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
