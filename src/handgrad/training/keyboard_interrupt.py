"""Ctrl-C between two steps, never inside one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from handgrad.training.history import History


class TrainingInterrupted(KeyboardInterrupt):
    """Training was interrupted between two steps.

    Attributes:
        history: the epochs that were finished.
        checkpoint: the file from which it can be resumed, or None.
    """

    def __init__(self, history: History, checkpoint: str | None) -> None:
        super().__init__()
        self.history = history
        self.checkpoint = checkpoint


class StopRequest:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self.is_set = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """The signal handler: the first Ctrl-C sets the flag, a second one raises at once."""
        del number, frame
        if self.is_set:
            raise KeyboardInterrupt
        self.is_set = True


@contextmanager
def deferred_keyboard_interrupt() -> Iterator[StopRequest]:
    """Ctrl-C in the block sets a flag instead of raising in the middle of an update.

    Only where Ctrl-C would raise `KeyboardInterrupt` here: in the main thread, with Python's own
    handler in place.
    """
    stop = StopRequest()
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield stop
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
