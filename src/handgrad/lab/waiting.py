"""Those who wait for a verdict: requests on the event loop, woken from the judging threads."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

Verdicts = Sequence[str]
"""The verdicts of an answer as JSON texts."""


class WaitingRoom:
    """Hands the verdicts of an answer to whoever waits for them."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: defaultdict[int, list[asyncio.Future[Verdicts | None]]] = defaultdict(list)
        self._is_closed = False

    def open(self) -> None:
        """Begin, on the event loop on which requests will wait."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Let nobody wait any longer: the server is about to end; each is given None."""
        self._is_closed = True
        for futures in self._waiting.values():
            for future in futures:
                if not future.done():
                    future.set_result(None)

    def enter(self, answer: int) -> asyncio.Future[Verdicts | None]:
        """What will hold the verdicts of an answer, or None when the server ends before they are
        there; leave when you no longer wait.
        """
        future: asyncio.Future[Verdicts | None] = asyncio.get_running_loop().create_future()
        self._waiting[answer].append(future)
        if self._is_closed:
            future.set_result(None)
        return future

    def leave(self, answer: int, future: asyncio.Future[Verdicts | None]) -> None:
        """Wait no longer."""
        future.cancel()
        self._waiting[answer].remove(future)
        if not self._waiting[answer]:
            del self._waiting[answer]

    def judged(self, answer: int, verdicts: Verdicts) -> None:
        """An answer was judged; called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, answer, verdicts)

    def _wake(self, answer: int, verdicts: Verdicts) -> None:
        for future in self._waiting.get(answer, ()):
            if not future.done():
                future.set_result(verdicts)
