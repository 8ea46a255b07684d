"""Requests that wait for a verdict on the event loop, woken from the judging threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

Verdicts = Sequence[str]
"""The verdicts of an answer as JSON texts."""
VerdictFuture = asyncio.Future[Verdicts | None]
"""What will hold the verdicts, or None when the server ends before they are there."""


class VerdictWaiters:
    """Hands the verdicts of an answer to the requests that wait for them.

    A waiter is added before its answer is stored, and gets the answer's number before judging can begin:
    no verdict comes too early.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._answer_of: dict[VerdictFuture, int | None] = {}
        self._is_closed = False

    def open(self) -> None:
        """Use the running event loop for the waiters."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End all waiting, because the server ends: each waiter gets None."""
        self._is_closed = True
        for waiter in self._waiting_for(None):
            _resolve(waiter, None)

    def add(self) -> VerdictFuture:
        """A new waiter; `remove` it when the request ends."""
        waiter: VerdictFuture = asyncio.get_running_loop().create_future()
        with self._lock:
            self._answer_of[waiter] = None
        if self._is_closed:
            waiter.set_result(None)
        return waiter

    def assign(self, answer: int, waiter: VerdictFuture) -> None:
        """The waiter waits for that answer. May be called from any thread."""
        with self._lock:
            if waiter in self._answer_of:  # else it was removed already
                self._answer_of[waiter] = answer

    def remove(self, waiter: VerdictFuture) -> None:
        """Forget a waiter."""
        waiter.cancel()
        with self._lock:
            self._answer_of.pop(waiter, None)

    def judged(self, answer: int, verdicts: Verdicts) -> None:
        """An answer was judged; called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, answer, verdicts)

    def _wake(self, answer: int, verdicts: Verdicts) -> None:
        for waiter in self._waiting_for(answer):
            _resolve(waiter, verdicts)

    def _waiting_for(self, answer: int | None) -> list[VerdictFuture]:
        """The waiters for an answer; None: all of them."""
        with self._lock:
            return [one for one, number in self._answer_of.items() if answer in (None, number)]


def _resolve(waiter: VerdictFuture, verdicts: Verdicts | None) -> None:
    if not waiter.done():
        waiter.set_result(verdicts)
