"""What the answer prints: sent to the parent as it is printed, up to a limit."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any


class Printed(io.TextIOBase):
    """Stands in for ``sys.stdout`` and ``sys.stderr``.

    Each piece goes to the parent at once, so that it is there even when the answer never ends.
    At the limit the process says so and ends: no answer needs to go on after that.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None], limit_bytes: int) -> None:
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
        """Pass the text on; the first byte beyond the limit ends the process."""
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


def nowhere() -> Printed:
    """For what a draft prints while it is followed: nobody reads it, and it may be as long as it likes."""
    return Printed(lambda _: None, sys.maxsize)
