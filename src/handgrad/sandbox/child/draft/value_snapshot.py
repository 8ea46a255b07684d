"""A value of a draft at one moment: its shape, dtype and first entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...protocol.buffers import CARRIED_DTYPES, Payload, dtype_name

if TYPE_CHECKING:
    from ...protocol.frames import SnapshotFields, SnapshotKind

SHOWN_WHOLE = 64
SHOWN_OF_AN_AXIS = 8
MOST_AXES_SHOWN = 3
MOST_PARTS = 8
LARGEST_COUNT = 2**53

Shape = tuple[int, ...]


@dataclass(slots=True)
class ValueSnapshot:
    """A value: its kind, its shape and dtype where it is an array, and a copy of the entries shown.

    Attributes:
        kind: what the value is, see `SnapshotKind`.
        shape: of an array; of ``sizes`` the integers themselves.
        dtype: of an array or number; else the name of the type.
        entries: a copy of the entries that are shown, if any.
        is_cut: whether there are more.
        shapes: of each part of ``several``.
    """

    kind: SnapshotKind
    shape: Shape = ()
    dtype: str = ""
    entries: NDArray[Any] | None = None
    is_cut: bool = False
    shapes: tuple[Shape, ...] = ()

    def fields(self, payload: Payload | None = None) -> SnapshotFields:
        """The snapshot as it is sent; its entries only where a payload is given for them."""
        entries = None
        if payload is not None and self.entries is not None:
            entries = payload.add(self.entries)
        return {
            "kind": self.kind,
            "shape": list(self.shape),
            "dtype": self.dtype,
            "cut": self.is_cut,
            "shapes": [list(shape) for shape in self.shapes],
            "entries": entries,
        }


IS_NONE = ValueSnapshot("nothing", dtype="NoneType")
NAME_OF_TYPE = type.__dict__["__name__"].__get__
"""The type's name, whatever a metaclass defines."""
PLAIN = (bool, int, float, complex)


def snapshot_of(value: Any) -> ValueSnapshot:
    """Take a snapshot without running code of the draft: only types of NumPy and Python are inspected."""
    kind = type(value)
    if kind is np.ndarray or issubclass(kind, np.ndarray):
        return _array(np.ndarray.view(value, np.ndarray), "array")
    if kind in PLAIN or issubclass(kind, np.generic):
        number = np.asarray(value)
        return _array(number, "number") if number.dtype.kind in "biufc" else _other(kind)
    if value is None:
        return IS_NONE
    if kind is tuple or kind is list:
        return _row(value)
    return _other(kind)


def _other(kind: type) -> ValueSnapshot:
    return ValueSnapshot("object", dtype=NAME_OF_TYPE(kind)[:200])


def _array(array: NDArray[Any], kind: SnapshotKind) -> ValueSnapshot:
    shape, name = array.shape, dtype_name(array.dtype)
    if array.dtype.kind not in "biufc":
        return ValueSnapshot(kind, shape, name[:60])
    first, is_cut = _first_entries(array)
    if first is None:
        return ValueSnapshot(kind, shape, name, None, True)
    dtype = array.dtype if name in CARRIED_DTYPES else None
    if dtype is None:  # extended precision
        dtype = np.dtype(np.complex128 if array.dtype.kind == "c" else np.float64)
    copy = np.array(first, dtype.newbyteorder("="), order="C")
    return ValueSnapshot(kind, shape, name, copy, is_cut)


def _first_entries(array: NDArray[Any]) -> tuple[NDArray[Any] | None, bool]:
    if array.size <= SHOWN_WHOLE:
        return array, False
    if array.ndim > MOST_AXES_SHOWN:
        return None, True
    return array[(slice(SHOWN_OF_AN_AXIS),) * array.ndim], True


def _row(values: tuple[Any, ...] | list[Any]) -> ValueSnapshot:
    """A short tuple or list of integers (a shape), or of arrays."""
    name = type(values).__name__
    if not 0 < len(values) <= MOST_PARTS:
        return ValueSnapshot("object", dtype=name)
    if all(type(one) is int and abs(one) < LARGEST_COUNT for one in values):
        return ValueSnapshot("sizes", tuple(values), name)
    if all(issubclass(type(one), np.ndarray) for one in values):
        return ValueSnapshot("several", dtype=name, shapes=tuple(np.ndarray.view(a, np.ndarray).shape for a in values))  # fmt: skip
    return ValueSnapshot("object", dtype=name)
