"""Which of a learner's passed classes take the place of the layers that a level is given."""

from __future__ import annotations

from collections.abc import Iterable

from handgrad.course import Level
from handgrad.judging.answer import OwnLayers
from handgrad.store.progress import PassedClass


def passed_sources(level: Level, passed: Iterable[PassedClass]) -> tuple[OwnLayers, ...]:
    """What a learner passed of the classes that a level is given, file by file."""
    sources = {(one.level, one.class_name): one.source for one in passed}
    by_source: dict[bytes, list[str]] = {}
    for given in level.given:
        source = sources.get((given.level or "", given.name))
        if source is not None:
            by_source.setdefault(source, []).append(given.name)
    return tuple(OwnLayers(tuple(names), source) for source, names in by_source.items())
