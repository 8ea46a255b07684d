"""Replaces zygotes: a dead one at once, an old one after many runs."""

from __future__ import annotations

import threading

from handgrad.sandbox.forked_child import ForkedChild
from handgrad.sandbox.isolation import Isolation
from handgrad.sandbox.zygote import Zygote

RUNS_OF_A_ZYGOTE = 1000


class ZygoteRotation:
    """Starts children from the current zygote.

    After `runs` children the next zygote is started; it takes over when it has loaded, so that no
    answer waits for it, and the old one ends with the last of its children.
    """

    def __init__(self, first: Zygote | None = None, runs: int = RUNS_OF_A_ZYGOTE) -> None:
        """Start with `first`, or with a new one for the first child."""
        self._current = first
        self._next: Zygote | None = None
        self._retired: list[Zygote] = []
        self._runs = runs
        self._lock = threading.RLock()

    @property
    def isolation(self) -> Isolation:
        """The isolation of the current zygote.

        Raises:
            SandboxError: it could not be started.
        """
        with self._lock:
            zygote = self._zygote()
        return zygote.isolation

    def start(self) -> ForkedChild:
        """Start a child.

        Raises:
            SandboxError: the zygote could not be started, or died this moment.
        """
        with self._lock:
            return self._zygote().start()

    def _zygote(self) -> Zygote:
        if self._current is None or self._current.is_dead:
            self._current, self._next = self._next or Zygote(), None
        elif self._current.forked >= self._runs:
            if self._next is None:
                self._next = Zygote()
            elif self._next.is_ready:
                self._current.retire()
                self._retired = [old for old in self._retired if not old.is_dead]
                self._retired.append(self._current)
                self._current, self._next = self._next, None
        return self._current

    def close(self) -> None:
        """End every zygote and all children."""
        with self._lock:
            for zygote in (self._current, self._next, *self._retired):
                if zygote is not None:
                    zygote.close()
            self._current = self._next = None
            self._retired.clear()
