"""A value of a draft's, noted as it was at that moment: its shape, and its first few entries."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...protocol.buffers import CARRIED_DTYPES, Payload, dtype_name

SHOWN_WHOLE = 64
SHOWN_OF_AN_AXIS = 8
MOST_AXES_SHOWN = 3
MOST_PARTS = 8
LARGEST_COUNT = 2**53

ARRAY, NUMBER, SIZES, SEVERAL, NOTHING, OBJECT = (
    "array",
    "number",
    "sizes",
    "several",
    "nothing",
    "object",
)
"""What a value may be: an array; a number of Python's; a tuple or list of whole numbers, or one of
arrays; None; anything else."""

Shape = tuple[int, ...]


@dataclass(slots=True)
class Noted:
    """A value: what it is, its shape and dtype where it is an array, and a copy of what is shown.

    Attributes:
        kind: `ARRAY`, `NUMBER`, `SIZES`, `SEVERAL`, `NOTHING` or `OBJECT`.
        shape: of an array; the numbers themselves of `SIZES`.
        dtype: of an array or number; else the name of the type.
        entries: the entries shown, where there are any to carry.
        is_cut: whether there are more.
        shapes: of each part of `SEVERAL`.
    """

    kind: str
    shape: Shape = ()
    dtype: str = ""
    entries: NDArray[Any] | None = None
    is_cut: bool = False
    shapes: tuple[Shape, ...] = ()

    def told(self, payload: Payload | None = None) -> dict[str, Any]:
        """What is sent; the entries too, where there is a payload for them."""
        told = {
            "kind": self.kind,
            "shape": list(self.shape),
            "dtype": self.dtype,
            "cut": self.is_cut,
            "shapes": [list(shape) for shape in self.shapes],
            "entries": None,
        }
        if payload is not None and self.entries is not None:
            told["entries"] = payload.add(self.entries)
        return told


IS_NOTHING = Noted(NOTHING, dtype="NoneType")
NAME_OF_TYPE = type.__dict__["__name__"].__get__
"""Past whatever a metaclass says that the name is."""
PLAIN = (bool, int, float, complex)


def noted(value: Any) -> Noted:
    """Note a value. No code of the draft's runs: only NumPy's own and Python's own types are looked into."""
    kind = type(value)
    if kind is np.ndarray or issubclass(kind, np.ndarray):
        return _array(np.ndarray.view(value, np.ndarray), ARRAY)
    if kind in PLAIN or issubclass(kind, np.generic):
        number = np.asarray(value)
        return _array(number, NUMBER) if number.dtype.kind in "biufc" else _other(kind)
    if value is None:
        return IS_NOTHING
    if kind is tuple or kind is list:
        return _row(value)
    return _other(kind)


def _other(kind: type) -> Noted:
    return Noted(OBJECT, dtype=NAME_OF_TYPE(kind)[:200])


def _array(array: NDArray[Any], kind: str) -> Noted:
    shape, name = array.shape, dtype_name(array.dtype)
    if array.dtype.kind not in "biufc":
        return Noted(kind, shape, name[:60])
    first, is_cut = _first_entries(array)
    if first is None:
        return Noted(kind, shape, name, None, True)
    dtype = array.dtype if name in CARRIED_DTYPES else None
    if dtype is None:  # extended precision
        dtype = np.dtype(np.complex128 if array.dtype.kind == "c" else np.float64)
    copy = np.array(first, dtype.newbyteorder("="), order="C")
    return Noted(kind, shape, name, copy, is_cut)


def _first_entries(array: NDArray[Any]) -> tuple[NDArray[Any] | None, bool]:
    if array.size <= SHOWN_WHOLE:
        return array, False
    if array.ndim > MOST_AXES_SHOWN:
        return None, True
    return array[(slice(SHOWN_OF_AN_AXIS),) * array.ndim], True


def _row(values: tuple[Any, ...] | list[Any]) -> Noted:
    """A short row of whole numbers (a shape), or of arrays."""
    name = type(values).__name__
    if not 0 < len(values) <= MOST_PARTS:
        return Noted(OBJECT, dtype=name)
    if all(type(one) is int and abs(one) < LARGEST_COUNT for one in values):
        return Noted(SIZES, tuple(values), name)
    if all(issubclass(type(one), np.ndarray) for one in values):
        return Noted(SEVERAL, dtype=name, shapes=tuple(np.ndarray.view(a, np.ndarray).shape for a in values))  # fmt: skip
    return Noted(OBJECT, dtype=name)


def number_text(one: Noted) -> str:
    """A number as it is written: ``4``, ``0.25``, ``True``."""
    if one.entries is None:
        return "?"
    value = one.entries.item()
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else str(value)
    return str(value)[:40]
