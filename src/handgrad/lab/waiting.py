"""Those who wait for a verdict: requests on the event loop, woken from the judging threads."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class WaitingRoom:
    """Wakes whoever waits for an answer when it is judged."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._events: defaultdict[int, list[asyncio.Event]] = defaultdict(list)

    def open(self) -> None:
        """Begin, on the event loop on which requests will wait."""
        self._loop = asyncio.get_running_loop()

    def enter(self, answer: int) -> asyncio.Event:
        """An event that is set when the answer is judged; leave when you no longer wait."""
        event = asyncio.Event()
        self._events[answer].append(event)
        return event

    def leave(self, answer: int, event: asyncio.Event) -> None:
        """Wait no longer."""
        self._events[answer].remove(event)
        if not self._events[answer]:
            del self._events[answer]

    def judged(self, answer: int) -> None:
        """An answer was judged; called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, answer)

    def _wake(self, answer: int) -> None:
        for event in self._events.get(answer, ()):
            event.set()
