"""Starts children in advance, so that an answer never waits for Python and NumPy to load."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Iterator
from typing import Protocol

from handgrad.errors import SandboxError
from handgrad.sandbox.child_monitor import Ended, Frame
from handgrad.sandbox.isolation import ONLY_A_PROCESS, Isolation
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.spawned_child import SpawnedChild
from handgrad.sandbox.zygote import IS_POSSIBLE, Zygote
from handgrad.sandbox.zygote_rotation import ZygoteRotation

FORKED_AHEAD = 2


class Child(Protocol):
    """A started process that runs one answer."""

    @property
    def process_id(self) -> int:
        """The system's number of the process."""

    @property
    def is_lost(self) -> bool:
        """Whether it is known to have died with its zygote before its job."""

    def ask(self, job: bytes, limits: Limits) -> Iterator[Frame | Ended]:
        """Send a job at once; yield every frame that comes back, then one `Ended`.

        After FINISHED the child waits for another job of the same answer. It stays alive until `end`.
        """

    def end(self) -> None:
        """Kill the process if it is alive and release everything that it holds."""


class Pool:
    """Gives out new children, and starts the next ones while one is at work.

    Every answer gets a child of its own, which never runs another answer. On Linux a zygote forks them,
    isolated by the kernel; elsewhere each is started on its own. Threads may share a pool.
    """

    def __init__(
        self, ahead: int | None = None, expected: int | None = None, zygote: Zygote | None = None
    ) -> None:
        """Start the first children.

        Args:
            ahead: how many to keep ready. By default two forked ones; where each loads Python for
                itself, one more than there are processors, so that they load on every processor
                while one answer is judged.
            expected: how many children will be taken in all, where that is known: no more are
                started ahead than that.
            zygote: one started earlier; the pool closes it.
        """
        self._zygotes = ZygoteRotation(zygote) if IS_POSSIBLE else None
        if ahead is None:
            ahead = FORKED_AHEAD if self._zygotes else (os.cpu_count() or 1) + 1
        self._ahead = ahead
        self._expected = expected
        self._ready: deque[Child] = deque()
        self._lock = threading.RLock()
        with contextlib.suppress(
            SandboxError
        ):  # raised again when a child is taken: it may work by then
            self.refill()

    @property
    def isolation(self) -> Isolation:
        """The isolation of its children, as the zygote found by trying each layer.

        Raises:
            SandboxError: the zygote could not be started.
        """
        return self._zygotes.isolation if self._zygotes else ONLY_A_PROCESS

    def take(self) -> Child:
        """The child that was started first; the caller ends it, then asks for a `refill`."""
        with self._lock:
            child = self._ready.popleft() if self._ready else self._start()
            while child.is_lost:  # it died with its zygote
                child = self._ready.popleft() if self._ready else self._start()
            if self._expected is not None:
                self._expected = max(0, self._expected - 1)
            if not self._zygotes:  # each takes long to load: it may as well begin now
                self.refill()
            return child

    def expect(self, more: int) -> None:
        """Announce that so many more children will be taken."""
        with self._lock:
            self._expected = more + (self._expected or 0)
            self.refill()

    def close(self) -> None:
        """End the children that were not needed."""
        with self._lock:
            while self._ready:
                self._ready.popleft().end()
            if self._zygotes:
                self._zygotes.close()

    def refill(self) -> None:
        """Start the next children. Call it when no forked child is at work: forking takes a millisecond,
        and the child at work needs the processors.
        """
        with self._lock:
            wanted = self._ahead if self._expected is None else min(self._ahead, self._expected)
            while len(self._ready) < wanted:
                self._ready.append(self._start())

    def _start(self) -> Child:
        return self._zygotes.start() if self._zygotes else SpawnedChild()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
