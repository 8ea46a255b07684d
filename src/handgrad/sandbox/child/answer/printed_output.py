"""The text that an answer prints: sent to the judge at once, up to a limit."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...protocol.frames import BareFrame, PrintedFrame


class PrintedOutput(io.TextIOBase):
    """Replaces ``sys.stdout`` and ``sys.stderr``.

    Each piece is sent to the judge at once, so that it arrives even when the answer never ends.
    At the limit the process says so and ends.
    """

    def __init__(self, send: Callable[[PrintedFrame | BareFrame], None], limit_bytes: int) -> None:
        self._send = send
        self._room = limit_bytes

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Text is carried as UTF-8."""
        return "utf-8"

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Send the text; the first byte beyond the limit ends the process."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if not text:
            return 0
        data = text.encode(errors="backslashreplace")
        kept = data[: self._room].decode(errors="ignore")
        self._room -= len(data)
        self._send({"frame": "printed", "text": kept})
        if self._room < 0:
            self._send({"frame": "output-limit"})
            os._exit(1)
        return len(text)


def discarded_output() -> PrintedOutput:
    """For what a draft prints while it is traced: it is dropped, however long it is."""
    return PrintedOutput(lambda _: None, sys.maxsize)
