"""Scratch arrays that each thread keeps, and the sizes of the blocks that fit the processor's cache."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array

BLOCK = 32768
"""Numbers a block of an activation: with its scratch arrays it fits a second-level cache."""
UPDATE_BLOCK = 131072
"""Numbers a block of an update, which calls more functions on each: fewer calls win."""

_kept = threading.local()


def scratch(dtype: np.dtype[np.floating], count: int) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Two arrays of `count` numbers and one of booleans, this thread's own, with any contents."""
    sets: dict[str, Any] = _kept.__dict__
    held: tuple[Array, Array, NDArray[np.bool_]] | None = sets.get(dtype.char)
    if held is None or held[0].size < count:
        room = max(count, BLOCK)
        held = (np.empty(room, dtype), np.empty(room, dtype), np.empty(room, np.bool_))
        sets[dtype.char] = held
    a, b, c = held
    return a[:count], b[:count], c[:count]


def zeros(dtype: np.dtype[np.floating], count: int) -> Array:
    """So many zeros, this thread's own; only to be read.

    ``np.maximum(y, 0)`` takes four times as long as the maximum with an array of zeros.
    """
    sets: dict[str, Any] = _kept.__dict__
    held: Array | None = sets.get(f"zeros {dtype.char}")
    if held is None or held.size < count:
        held = np.zeros(max(count, BLOCK), dtype)
        held.flags.writeable = False
        sets[f"zeros {dtype.char}"] = held
    return held[:count]
