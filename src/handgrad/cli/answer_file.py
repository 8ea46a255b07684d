"""Reads an answer from a file or from standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handgrad.judging import Answer


def read_answer(name: str) -> Answer:
    """The answer in a file; ``-`` is standard input.

    Raises:
        UsageError: it cannot be read.
    """
    from handgrad.judging import Answer
    from handgrad.sandbox.limits import MAX_SOURCE_BYTES

    if name == "-":
        return Answer("<stdin>", sys.stdin.buffer.read(MAX_SOURCE_BYTES))
    return Answer.read(Path(name))
