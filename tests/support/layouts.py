"""The same numbers in every way an array may lie in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Layout = Callable[[NDArray[Any]], NDArray[Any]]


def _every_second(array: NDArray[Any]) -> NDArray[Any]:
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def _backwards(array: NDArray[Any]) -> NDArray[Any]:
    return array[::-1].copy()[::-1]


def _unaligned(array: NDArray[Any]) -> NDArray[Any]:
    room = np.empty(array.nbytes + 1, np.uint8)
    shifted = room[1:].view(array.dtype).reshape(array.shape)
    shifted[...] = array
    return shifted


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS: dict[str, Layout] = {
    "column-major": np.asfortranarray,
    "every-second": _every_second,
    "backwards": _backwards,
    "unaligned": _unaligned,
    "read-only": _read_only,
}


def stride_zero(array: NDArray[Any]) -> NDArray[Any]:
    """The first sample, repeated without memory of its own."""
    return np.broadcast_to(array[:1], array.shape)
