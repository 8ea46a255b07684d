"""A learner's own layers for a level: passed classes that replace the layers the level is given."""

from __future__ import annotations

from collections.abc import Iterable

from handgrad.course import Level
from handgrad.judging.answer import OwnLayers
from handgrad.store.learner_progress import PassedClass


def own_layers(level: Level, passed: Iterable[PassedClass]) -> tuple[OwnLayers, ...]:
    """Of the classes that a level is given, those that the learner passed, by source file."""
    sources = {(one.level, one.class_name): one.source for one in passed}
    by_source: dict[bytes, list[str]] = {}
    for given in level.given:
        source = sources.get((given.level or "", given.name))
        if source is not None:
            by_source.setdefault(source, []).append(given.name)
    return tuple(OwnLayers(tuple(names), source) for source, names in by_source.items())
