"""How long a search goes on: bounded in processor time, so that a busy machine finds what an idle one does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class TimeBudget:
    """So much processor time of this thread from now on; what is prepared once is not counted.

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
        """Not counted: something that is computed once and then kept."""
        before = time.thread_time()
        yield
        self._until += time.thread_time() - before
