"""Those who wait for a verdict: requests on the event loop, woken from the judging threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

Verdicts = Sequence[str]
"""The verdicts of an answer as JSON texts."""
Seat = asyncio.Future[Verdicts | None]
"""What will hold the verdicts, or None when the server ends before they are there."""


class WaitingRoom:
    """Hands the verdicts of an answer to whoever waits for them.

    A seat is taken before the answer is stored, and given the answer's number before it can be judged:
    no verdict comes too early to be heard of.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._seats: dict[Seat, int | None] = {}
        self._is_closed = False

    def open(self) -> None:
        """Begin, on the event loop on which requests will wait."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Let nobody wait any longer: the server is about to end; each is given None."""
        self._is_closed = True
        for seat in self._waiting_for(None):
            _tell(seat, None)

    def sit(self) -> Seat:
        """A seat of one's own; `leave` it when you no longer wait."""
        seat: Seat = asyncio.get_running_loop().create_future()
        with self._lock:
            self._seats[seat] = None
        if self._is_closed:
            seat.set_result(None)
        return seat

    def expect(self, answer: int, seat: Seat) -> None:
        """Whoever sits there waits for that answer; may be called from any thread."""
        with self._lock:
            if seat in self._seats:  # else they have left already
                self._seats[seat] = answer

    def leave(self, seat: Seat) -> None:
        """Wait no longer."""
        seat.cancel()
        with self._lock:
            self._seats.pop(seat, None)

    def judged(self, answer: int, verdicts: Verdicts) -> None:
        """An answer was judged; called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, answer, verdicts)

    def _wake(self, answer: int, verdicts: Verdicts) -> None:
        for seat in self._waiting_for(answer):
            _tell(seat, verdicts)

    def _waiting_for(self, answer: int | None) -> list[Seat]:
        """Who waits for an answer; None: for any."""
        with self._lock:
            return [one for one, number in self._seats.items() if answer in (None, number)]


def _tell(seat: Seat, verdicts: Verdicts | None) -> None:
    if not seat.done():
        seat.set_result(verdicts)
