"""A budget of processor time for a search, so that a busy machine finds what an idle one does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class TimeBudget:
    """An amount of processor time of this thread, counted from now on.

    >>> budget = TimeBudget(60.0)
    >>> budget.is_spent
    False
    """

    def __init__(self, seconds: float) -> None:
        """Start counting."""
        self._until = time.thread_time() + seconds

    @property
    def is_spent(self) -> bool:
        """Whether the time is used up."""
        return time.thread_time() > self._until

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count what is computed here, because it is computed once and kept."""
        before = time.thread_time()
        yield
        self._until += time.thread_time() - before
