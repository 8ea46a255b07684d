"""Arrays inside frames: a descriptor (`frames.ArrayFields`) in the header, raw bytes in the payload.

A descriptor has dtype, shape, where the bytes lie in the payload and how many
there are; on the way to the child also strides and offset, so that a case can
pass an array that is not contiguous.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from .wire import BrokenFrame

if TYPE_CHECKING:
    from .frames import ArrayFields, BytesPlace, InputFields

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
    """The dtype's name; NumPy computes it on every access, which takes longer than copying an array."""
    return dtype.name


class Payload:
    """Collects the buffers of one frame and hands out their descriptors."""

    def __init__(self) -> None:
        self.buffers: list[bytes | bytearray] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> ArrayFields:
        """An array by value, C-contiguous."""
        return self._place(array, array.tobytes())

    def add_with_strides(self, array: NDArray[Any]) -> ArrayFields:
        """An array with its memory layout: the receiver's array has the same strides."""
        if array.flags.c_contiguous or array.size == 0:
            return self.add(array)
        steps = list(zip(array.shape, array.strides, strict=True))
        offset = sum((n - 1) * -step for n, step in steps if step < 0)
        span = sum((n - 1) * abs(step) for n, step in steps) + array.itemsize
        room = bytearray(span)
        np.ndarray(array.shape, array.dtype, room, offset, array.strides)[...] = array
        fields = self._place(array, room)
        fields["strides"], fields["offset"] = list(array.strides), offset
        return fields

    def add_inputs(self, inputs: Mapping[str, Any]) -> dict[str, InputFields]:
        """The inputs of a case: arrays with their memory layout, anything else as it is."""
        return {
            name: self.add_with_strides(value)
            if isinstance(value, np.ndarray)
            else {"plain": value}
            for name, value in inputs.items()
        }

    def _place(self, array: NDArray[Any], data: bytes | bytearray) -> ArrayFields:
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


def trusted_array(descriptor: ArrayFields, payload: bytearray) -> NDArray[Any]:
    """In the child: a writable array inside the payload, with the strides that the judge gave it."""
    dtype = np.dtype(descriptor["dtype"])
    start, size = descriptor["at"] or 0, descriptor["nbytes"]
    room = memoryview(payload)[start : start + size]
    return np.ndarray(
        tuple(descriptor["shape"]),
        dtype,
        room,
        descriptor.get("offset", 0),
        tuple(descriptor["strides"]) if "strides" in descriptor else None,
    )


def trusted_inputs(inputs: dict[str, InputFields], payload: bytearray) -> dict[str, Any]:
    """In the child: the inputs of a case."""
    return {
        name: given["plain"] if "plain" in given else trusted_array(given, payload)
        for name, given in inputs.items()
    }


def trusted_bytes(place: BytesPlace, payload: bytearray) -> bytes:
    """In the child: bytes that the judge put into the payload."""
    return bytes(payload[place["at"] : place["at"] + place["nbytes"]])


def untrusted_array(descriptor: object, payload: bytearray) -> NDArray[Any]:
    """In the judge: the array that a descriptor from the child describes, every field checked first.

    An array that was too large to send arrives without its bytes: it becomes an array of its shape
    that takes no memory and whose entries are all NaN (or zero, where the dtype has no NaN).

    Raises:
        BrokenFrame: the descriptor is not valid.
    """
    if not isinstance(descriptor, dict):
        raise BrokenFrame("an array descriptor is not an object")
    fields = cast("ArrayFields", descriptor)
    try:
        name, shape, start = fields["dtype"], fields["shape"], fields["at"]
        size = 0 if start is None else fields["nbytes"]
    except KeyError:
        raise BrokenFrame("an array descriptor that lacks a field") from None
    dtype = CARRIED_DTYPES.get(name) if type(name) is str else None
    if dtype is None:
        raise BrokenFrame("an array of another dtype")
    count = _entries(shape)
    if start is None:
        filler = np.array(np.nan if dtype.kind in "fc" else 0).astype(dtype)
        return np.broadcast_to(filler, _bounded(tuple(shape)))
    if not _is_count(start) or not _is_count(size) or start + size > len(payload):
        raise BrokenFrame("an array outside the payload")
    if count * dtype.itemsize != size:
        raise BrokenFrame("an array whose shape does not fit its bytes")
    return np.ndarray(shape, dtype, payload, start)


def _entries(shape: object) -> int:
    """The number of entries of an array of that shape; BrokenFrame when it is not a valid shape."""
    count = 1
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
        raise BrokenFrame("an array shape that is not a list of counts")
    for n in shape:
        if not _is_count(n):
            raise BrokenFrame("an array shape that is not a list of counts")
        count *= n
    return count


def _bounded(shape: tuple[int, ...]) -> tuple[int, ...]:
    if math.prod(n for n in shape if n) >= 2**60:
        raise BrokenFrame("an array larger than any memory")
    return shape


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**62
