"""Arrays inside frames: a descriptor in the header, raw bytes in the payload.

A descriptor says dtype, shape, where the bytes lie in the payload and how many
there are; on the way to the child also strides and offset, so that a case can
hand over an array that is not contiguous.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wire import BrokenFrame

ALIGNMENT = 64
MAX_DIMENSIONS = 32
CARRIED_DTYPES = {
    name: np.dtype(name)
    for name in (
        "bool",
        *("int8", "int16", "int32", "int64"),
        *("uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64"),
        *("complex64", "complex128"),
    )
}
PADDING = tuple(bytes(count) for count in range(ALIGNMENT))


@cache
def dtype_name(dtype: np.dtype[Any]) -> str:
    """NumPy computes the name anew at every question, which takes longer than copying an array."""
    return dtype.name


class Payload:
    """Collects the buffers of one frame and hands out their descriptors."""

    def __init__(self) -> None:
        self.buffers: list[bytes | bytearray] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> dict[str, Any]:
        """An array by value, C-contiguous."""
        return self._described(array, array.tobytes())

    def add_with_strides(self, array: NDArray[Any]) -> dict[str, Any]:
        """An array with its memory layout: the receiver gets the same strides."""
        if array.flags.c_contiguous or array.size == 0:
            return self.add(array)
        steps = list(zip(array.shape, array.strides, strict=True))
        offset = sum((n - 1) * -step for n, step in steps if step < 0)
        span = sum((n - 1) * abs(step) for n, step in steps) + array.itemsize
        room = bytearray(span)
        np.ndarray(array.shape, array.dtype, room, offset, array.strides)[...] = array
        described = self._described(array, room)
        return described | {"strides": list(array.strides), "offset": offset}

    def _described(self, array: NDArray[Any], data: bytes | bytearray) -> dict[str, Any]:
        start = self.size
        padding = PADDING[-len(data) % ALIGNMENT]
        self.buffers += (data, padding)
        self.size += len(data) + len(padding)
        return {
            "dtype": dtype_name(array.dtype),
            "shape": list(array.shape),
            "at": start,
            "nbytes": len(data),
        }


def trusted_array(descriptor: dict[str, Any], payload: bytearray) -> NDArray[Any]:
    """Child's side: a writable array inside the payload, with the strides the parent gave it."""
    dtype = np.dtype(descriptor["dtype"])
    start, size = descriptor["at"], descriptor["nbytes"]
    room = memoryview(payload)[start : start + size]
    return np.ndarray(
        tuple(descriptor["shape"]),
        dtype,
        room,
        descriptor.get("offset", 0),
        tuple(descriptor["strides"]) if "strides" in descriptor else None,
    )


def untrusted_array(descriptor: object, payload: bytearray) -> NDArray[Any]:
    """Parent's side: the array that a descriptor from the child names, every field checked first.

    An array whose bytes were too many to carry arrives without them: it becomes an array of its
    shape that takes no memory and whose every entry is NaN (or zero, where there is no NaN).

    Raises:
        BrokenFrame: the descriptor is not one that our child writes.
    """
    if not isinstance(descriptor, dict):
        raise BrokenFrame("an array descriptor is not an object")
    name, shape = descriptor.get("dtype"), descriptor.get("shape")
    dtype = CARRIED_DTYPES.get(name) if type(name) is str else None
    if dtype is None:
        raise BrokenFrame("an array of a dtype that is not carried")
    count = _entries(shape)
    start, size = descriptor.get("at"), descriptor.get("nbytes")
    if start is None:
        filler = np.array(np.nan if dtype.kind in "fc" else 0).astype(dtype)
        return np.broadcast_to(filler, _bounded(tuple(shape)))  # type: ignore[arg-type]  # a list
    if not _is_count(start) or not _is_count(size) or start + size > len(payload):
        raise BrokenFrame("an array outside the payload")
    if count * dtype.itemsize != size:
        raise BrokenFrame("an array whose shape does not fit its bytes")
    return np.ndarray(shape, dtype, payload, start)  # type: ignore[arg-type]  # a list of counts


def _entries(shape: object) -> int:
    """How many entries an array of that shape has; a BrokenFrame when it is no shape."""
    count = 1
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
        raise BrokenFrame("an array shape that is no list of counts")
    for n in shape:
        if not _is_count(n):
            raise BrokenFrame("an array shape that is no list of counts")
        count *= n
    return count


def _bounded(shape: tuple[int, ...]) -> tuple[int, ...]:
    if math.prod(n for n in shape if n) >= 2**60:
        raise BrokenFrame("an array larger than any memory")
    return shape


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**62
