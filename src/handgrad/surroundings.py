"""What the place where a check runs decides for it: its seed, and what becomes of its report.

A test runner enters a `Surroundings` for each test; a check outside of any asks in vain and draws a
seed of its own. Only the standard library is used, so that a plugin can import this at no cost.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SEED_BITS = 63


@dataclass(frozen=True)
class Heard:
    """What became of one check.

    Attributes:
        name: what was checked.
        verdict: right, wrong or cannot-tell.
        seed: the seed that repeats it.
        words: one sentence, in the user's language.
    """

    name: str
    verdict: str
    seed: int
    words: str


@dataclass
class Surroundings:
    """The test in which checks run.

    Attributes:
        seed: the test's own seed.
        is_strict: whether `cannot tell` fails.
        heard: what became of the checks that ran in it, in their order.
    """

    seed: int
    is_strict: bool = False
    heard: list[Heard] = field(default_factory=list)
    _drawn: int = 0

    def next_seed(self) -> int:
        """The seed of the next check: the test's own for the first, one derived of it for each other.

        Hypothesis runs an example again and must meet the same numbers: there it is always the first.
        """
        hypothesis = sys.modules.get("hypothesis")
        if hypothesis is not None and hypothesis.currently_in_test_context():
            return self.seed
        self._drawn += 1
        return self.seed if self._drawn == 1 else seed_of(str(self.seed), str(self._drawn))


_stack: list[Surroundings] = []


def seed_here(seed: int | None) -> int:
    """The seed of a check: the one given, else the next of the test it runs in, else a drawn one.

    >>> seed_here(3)
    3
    """
    if seed is not None:
        return seed
    place = surroundings()
    return drawn_seed() if place is None else place.next_seed()


def drawn_seed() -> int:
    """A seed that nobody chose, short enough to be typed again."""
    return int.from_bytes(os.urandom(4), "little") >> 1


def heard_here(heard: Heard) -> None:
    """Tell the test in which a check ran, if there is one."""
    place = surroundings()
    if place is not None:
        place.heard.append(heard)


def is_strict_here() -> bool:
    """Whether the test in which a check runs fails where nothing can be told."""
    place = surroundings()
    return place is not None and place.is_strict


def surroundings() -> Surroundings | None:
    """The innermost surroundings, or None outside of a test."""
    return _stack[-1] if _stack else None


@contextmanager
def surrounded_by(place: Surroundings) -> Iterator[Surroundings]:
    """Checks in the block run in this place.

    >>> with surrounded_by(Surroundings(seed=7)):
    ...     surroundings().next_seed()
    7
    """
    _stack.append(place)
    try:
        yield place
    finally:
        _stack.remove(place)


def seed_of(*words: str) -> int:
    """A seed derived of words: the same on every machine and in every version of Python.

    >>> seed_of("tests/test_layer.py::test_backward")
    7435453053982802038
    """
    digest = hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - SEED_BITS)
