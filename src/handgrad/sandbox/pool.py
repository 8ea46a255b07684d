"""Children started ahead, so that an answer never waits for Python and NumPy to load."""

from __future__ import annotations

import os
from collections import deque
from types import TracebackType

from handgrad.sandbox.isolation import Isolation, probe
from handgrad.sandbox.process import Child


class Pool:
    """Hands out fresh children, and starts the next ones while one is at work.

    Every answer gets a child of its own, which never sees another answer.

    Attributes:
        isolation: the isolation that its children have.
    """

    def __init__(self, ahead: int | None = None, expected: int | None = None) -> None:
        """Start the first children.

        Args:
            ahead: how many to keep ready; one more than there are processors by default, so that
                they load on every processor while one answer is judged.
            expected: how many children will be taken in all, where that is known: no more are
                started ahead than that.
        """
        self.isolation: Isolation = probe()
        self._ahead = (os.cpu_count() or 1) + 1 if ahead is None else ahead
        self._expected = expected
        self._ready: deque[Child] = deque()
        self._fill()

    def take(self) -> Child:
        """The child that was started first; the caller runs it once."""
        child = self._ready.popleft() if self._ready else Child()
        if self._expected is not None:
            self._expected = max(0, self._expected - 1)
        self._fill()
        return child

    def expect(self, more: int) -> None:
        """So many further children will be taken."""
        self._expected = more + (self._expected or 0)
        self._fill()

    def close(self) -> None:
        """End the children that were not needed."""
        while self._ready:
            self._ready.popleft().end()

    def _fill(self) -> None:
        wanted = self._ahead if self._expected is None else min(self._ahead, self._expected)
        while len(self._ready) < wanted:
            self._ready.append(Child())

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
