"""Is one received array the expected one?

The rule of the course: every entry within 1e-5 of the reference, absolutely. Looked at in this
order: missing, type, shape, dtype, finite, value. NaN never passes, and nothing is broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from handgrad.checking.case import Array, Received

TOLERANCE = 1e-5
"""The largest difference of an entry that still passes."""

Reason = Literal["missing", "type", "shape", "dtype", "not-finite", "value"]


@dataclass(frozen=True)
class Difference:
    """In what way a received array is not the expected one.

    Attributes:
        reason: the first of the checks that failed.
        expected_shape: the reference's shape.
        received_shape: the shape received, None when no array was.
        index: where the error is largest, or the first entry that is not finite.
        error: the largest absolute error, when there are two numbers to compare.
        wrong_entries: how many entries are off, of `entries`.
    """

    reason: Reason
    expected_shape: tuple[int, ...]
    received_shape: tuple[int, ...] | None = None
    index: tuple[int, ...] | None = None
    error: float | None = None
    wrong_entries: int | None = None
    entries: int | None = None


def compare(received: Received | None, expected: Array) -> Difference | None:
    """The difference between what was received and what was expected, or None.

    >>> compare(Received.of(np.array([1.0, 2.0])), np.array([1.0, 2.000001])) is None
    True
    >>> compare(Received.of(np.array([[1.0]])), np.array([1.0])).reason
    'shape'
    """
    shape = expected.shape
    if received is None or received.kind in ("missing", "nothing"):
        return Difference("missing", shape)
    if received.kind != "array" or received.array is None:
        return Difference("type", shape)
    array = received.array
    if array.shape != shape:
        return Difference("shape", shape, array.shape)
    if array.dtype.kind != "f":
        return Difference("dtype", shape, array.shape)
    if array.size == 0:
        return None
    return _values(array, expected)


def _values(array: Array, expected: Array) -> Difference | None:
    finite = np.isfinite(array)
    if not finite.all():
        first = np.unravel_index(int(np.argmin(finite)), array.shape)
        return Difference(
            "not-finite",
            expected.shape,
            array.shape,
            index=tuple(int(i) for i in first),
            wrong_entries=int((~finite).sum()),
            entries=array.size,
        )
    with np.errstate(over="ignore"):
        error = np.abs(array.astype(np.float64) - expected)
    if (error <= TOLERANCE).all():
        return None
    worst = np.unravel_index(int(np.argmax(error)), array.shape)
    return Difference(
        "value",
        expected.shape,
        array.shape,
        index=tuple(int(i) for i in worst),
        error=float(error[worst]),
        wrong_entries=int((error > TOLERANCE).sum()),
        entries=array.size,
    )
