"""Hands answers from those who submit them to the workers that judge them."""

from __future__ import annotations

import threading
from collections import deque
from typing import Literal

from handgrad.store.answers import Lease

Wakeup = Lease | Literal["poll"]
"""What wakes a worker: an answer that is leased to it, or the notice that one waits in the store."""


class Handoff:
    """Gives an answer to a free worker, and notifies workers of answers that wait in the store.

    A submitter first reserves a free worker. The answer can then be stored as leased, and is delivered
    to that worker. If no worker is free, the answer is stored as waiting and announced; each
    announcement wakes one worker.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._delivered: deque[Lease] = deque()
        self._announced = 0
        self._free = 0
        self._reserved = 0
        self._is_closed = False

    def reserve(self) -> bool:
        """Reserve a free worker for a new answer; whether there was one. Waiting answers go first."""
        with self._changed:
            if self._is_closed or self._free <= self._reserved + self._announced:
                return False
            self._reserved += 1
            return True

    def deliver(self, lease: Lease | None) -> None:
        """Deliver an answer to the reserved worker; None gives the worker free again."""
        with self._changed:
            self._reserved -= 1
            if lease is not None:
                self._delivered.append(lease)
            self._changed.notify()

    def announce(self) -> None:
        """Notify one worker that an answer waits in the store."""
        with self._changed:
            self._announced += 1
            self._changed.notify()

    def wait(self, seconds: float) -> Wakeup | None:
        """Wait as a free worker; None when nothing came in time, or the handoff is closed."""
        with self._changed:
            self._free += 1
            try:
                while not self._changed.wait_for(self._has_wakeup, seconds):
                    if self._free > self._reserved:  # else a delivery is on its way
                        return None
                if self._is_closed:
                    return None
                if self._delivered:
                    return self._delivered.popleft()
                self._announced -= 1
                return "poll"
            finally:
                self._free -= 1

    def close(self) -> None:
        """Wake all workers, and reserve none any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _has_wakeup(self) -> bool:
        may_poll = self._announced > 0 and self._free > self._reserved
        return self._is_closed or bool(self._delivered) or may_poll
