"""The test in which a check runs: it gives the seed, says whether doubt fails, and keeps the outcomes.

The pytest plugin enters a `CheckContext` for each test. Outside of any test there is no context, and a
check draws its own seed. Only the standard library is imported, so the plugin loads this at no cost.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from handgrad.seeds import drawn_seed, seed_of


@dataclass(frozen=True)
class CheckOutcome:
    """The result of one check.

    Attributes:
        name: what was checked.
        verdict: right, wrong or cannot-tell.
        seed: the seed that repeats it.
        summary: the first line of its report, in the user's language.
    """

    name: str
    verdict: str
    seed: int
    summary: str


@dataclass
class CheckContext:
    """The test in which checks run.

    Attributes:
        seed: the test's own seed.
        is_strict: whether *cannot tell* fails the test.
        outcomes: the results of the checks that ran in the test, in order.
    """

    seed: int
    is_strict: bool = False
    outcomes: list[CheckOutcome] = field(default_factory=list)
    _drawn: int = 0

    def next_seed(self) -> int:
        """The seed of the next check: the test's own for the first, then seeds derived from it.

        Under Hypothesis it is always the test's own: an example that runs again must draw the same
        numbers.
        """
        hypothesis = sys.modules.get("hypothesis")
        if hypothesis is not None and hypothesis.currently_in_test_context():
            return self.seed
        self._drawn += 1
        return self.seed if self._drawn == 1 else seed_of(str(self.seed), str(self._drawn))


_contexts: list[CheckContext] = []


def current_context() -> CheckContext | None:
    """The innermost context, or None outside of a test."""
    return _contexts[-1] if _contexts else None


@contextmanager
def use_context(context: CheckContext) -> Iterator[CheckContext]:
    """Run the checks of the block in this context.

    >>> with use_context(CheckContext(seed=7)) as context:
    ...     current_context() is context
    True
    """
    _contexts.append(context)
    try:
        yield context
    finally:
        _contexts.remove(context)


def seed_for_check(seed: int | None) -> int:
    """The seed of a check: the one given, else the next of the current test, else a drawn one.

    >>> seed_for_check(3)
    3
    """
    if seed is not None:
        return seed
    context = current_context()
    return drawn_seed() if context is None else context.next_seed()


def record_outcome(outcome: CheckOutcome) -> None:
    """Add the outcome of a check to the current test, if there is one."""
    context = current_context()
    if context is not None:
        context.outcomes.append(outcome)


def is_strict() -> bool:
    """Whether the current test fails on *cannot tell*."""
    context = current_context()
    return context is not None and context.is_strict
