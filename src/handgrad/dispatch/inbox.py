"""Between those who hand answers in and the workers: who is free, and who is told of what."""

from __future__ import annotations

import threading
from collections import deque
from typing import Literal

from handgrad.store.answers import Lease

News = Lease | Literal["look"]
"""An answer that is the worker's already, or word that one waits in the store."""


class Inbox:
    """Gives an answer to a worker that is free, and lets the others know of what waits.

    A worker that is free is `reserve`d before an answer is stored for it, so that the answer can be
    stored as taken, and is then handed that very answer. Each word of an answer that waits is heard by
    one worker.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._handed: deque[Lease] = deque()
        self._words = 0
        self._free = 0
        self._reserved = 0
        self._is_closed = False

    def reserve(self) -> bool:
        """Promise an answer to a worker that is free; whether there is one. What waits goes first."""
        with self._changed:
            if self._is_closed or self._free <= self._reserved + self._words:
                return False
            self._reserved += 1
            return True

    def hand(self, lease: Lease | None) -> None:
        """Hand over what was promised; None where there will be nothing after all."""
        with self._changed:
            self._reserved -= 1
            if lease is not None:
                self._handed.append(lease)
            self._changed.notify()

    def tell(self) -> None:
        """An answer waits in the store: somebody look."""
        with self._changed:
            self._words += 1
            self._changed.notify()

    def wait(self, seconds: float) -> News | None:
        """What is new for a worker that is free; None when nothing came in time, or it is closed."""
        with self._changed:
            self._free += 1
            try:
                while not self._changed.wait_for(self._has_news, seconds):
                    if self._free > self._reserved:  # else what was promised is on its way
                        return None
                if self._is_closed:
                    return None
                if self._handed:
                    return self._handed.popleft()
                self._words -= 1
                return "look"
            finally:
                self._free -= 1

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _has_news(self) -> bool:
        is_told = self._words > 0 and self._free > self._reserved
        return self._is_closed or bool(self._handed) or is_told
