"""One pool of children for all drafts of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from support.drafts import draft

from handgrad.course import Course, Level
from handgrad.live_shapes import LiveShapes, live_shapes
from handgrad.sandbox import Pool


@pytest.fixture(scope="package")
def children() -> Iterator[Pool]:
    with Pool() as kept:
        yield kept


@pytest.fixture
def level(course: Course) -> Level:
    return course.level("fully-connected")


@pytest.fixture
def see(level: Level, children: Pool) -> Callable[..., LiveShapes]:
    """The live shapes of a draft, given its lines between Begin and End or its whole source."""

    def seen(*lines: str, source: str | bytes | None = None) -> LiveShapes:
        return live_shapes(level, draft(*lines) if source is None else source, pool=children)

    return seen
