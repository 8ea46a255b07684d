"""What an answer may use."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one answer.

    Attributes:
        processor_seconds: processor time of all its threads.
        wall_seconds: time from handing over the answer to the last array.
        memory_bytes: memory beyond what Python and NumPy themselves take.
        printed_bytes: printed output that is kept, in UTF-8; one byte more is `output-limit`.
        array_bytes: the largest array that is carried back; of a larger one only the shape.
        carried_bytes: how much is carried back in all; of what goes beyond it only the shapes.
    """

    processor_seconds: float = 2.0
    wall_seconds: float = 5.0
    memory_bytes: int = 512 * MEBIBYTE
    printed_bytes: int = 64 * 1024
    array_bytes: int = 4 * MEBIBYTE
    carried_bytes: int = 32 * MEBIBYTE


DEFAULT_LIMITS = Limits()

MAX_SOURCE_BYTES = MEBIBYTE
"""The longest answer that is judged: a thousand times what a level needs."""
