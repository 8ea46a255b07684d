"""Is one received array the expected one, and does one reproduce a prediction?

The rule of the course: every entry within 1e-5 of the reference, absolutely. Checked in this order:
missing, type, shape, dtype, finite, value. NaN never passes, and nothing is broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from handgrad.diagnosis.case import Array, Received

TOLERANCE = 1e-5
"""The largest difference of an entry that still passes."""
MATCH = 1e-9
"""How close an array must be to a prediction, times max(1, its largest entry)."""
MATCH_SINGLE_PRECISION = 1e-5
"""The same for an answer that computed in float32."""
LARGEST = float(np.finfo(np.float64).max)

Reason = Literal["missing", "type", "shape", "dtype", "not-finite", "value"]


@dataclass(frozen=True)
class Difference:
    """How a received array differs from the expected one.

    Attributes:
        reason: the first of the checks that failed.
        expected_shape: the reference's shape.
        received_shape: the shape received, None when no array was.
        index: where the error is largest, or the first entry that is not finite.
        error: the largest absolute error, when there are two numbers to compare; always finite.
        wrong_entries: how many entries are off, of `entries`.
    """

    reason: Reason
    expected_shape: tuple[int, ...]
    received_shape: tuple[int, ...] | None = None
    index: tuple[int, ...] | None = None
    error: float | None = None
    wrong_entries: int | None = None
    entries: int | None = None


def compare(
    received: Received | None, expected: ArrayLike, *, relative: bool = False
) -> Difference | None:
    """The difference between what was received and what was expected, or None.

    Args:
        received: what the code gave; None counts as missing.
        expected: the reference's array, float64, or a number.
        relative: scale the tolerance with entries greater than 1, for inputs so large that correct
            float32 code errs by more.

    >>> compare(Received.of(np.array([1.0, 2.0])), np.array([1.0, 2.000001])) is None
    True
    >>> compare(Received.of(np.array([[1.0]])), np.array([1.0])).reason
    'shape'
    """
    reference = np.asarray(expected)
    shape = reference.shape
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
    finite = np.isfinite(array)
    if not finite.all():
        first = np.unravel_index(int(np.argmin(finite)), shape)
        return _difference("not-finite", array, ~finite, first)
    return _value_difference(array, reference, relative)


def _value_difference(array: Array, reference: Array, relative: bool) -> Difference | None:
    with np.errstate(all="ignore"):
        error = np.abs(array.astype(np.float64) - reference)
        allowed = TOLERANCE * np.maximum(1.0, np.abs(reference)) if relative else TOLERANCE
        off = ~(error <= allowed)  # an error that is NaN is not small
    if not off.any():
        return None
    # Infinite where the reference is, or where the difference of two huge numbers is not a double.
    error = np.where(np.isfinite(error), error, LARGEST)
    worst = np.unravel_index(int(np.argmax(np.where(off, error, 0.0))), array.shape)
    return _difference("value", array, off, worst, float(error[worst]))


def _difference(
    reason: Reason,
    array: Array,
    off: Array,
    index: tuple[np.intp, ...],
    error: float | None = None,
) -> Difference:
    return Difference(
        reason,
        array.shape,
        array.shape,
        index=tuple(int(i) for i in index),
        error=error,
        wrong_entries=int(np.count_nonzero(off)),
        entries=array.size,
    )


def reproduces(received: Received, predicted: Array) -> bool:
    """Whether an array is, up to rounding, the one that was predicted.

    Stricter than `compare`, so that a coincidence is ruled out: within 1e-9 · max(1, max|predicted|),
    and within 1e-5 times that for float32.

    >>> reproduces(Received.of(np.array([3.0])), np.array([3.0 + 1e-8]))
    False
    """
    got = received.array
    if got is None or got.shape != predicted.shape:
        return False
    if got.dtype.kind not in "fiub" or predicted.dtype.kind not in "fiub":
        return False
    if not got.size:
        return True
    largest = float(np.abs(predicted).max())
    if not np.isfinite(largest):
        return bool(np.array_equal(got, predicted, equal_nan=True))
    allowed = tolerance_of_match(got.dtype, largest)
    return bool((np.abs(got.astype(np.float64) - predicted) <= allowed).all())


def tolerance_of_match(dtype: np.dtype[Any], largest: ArrayLike) -> Array:
    """How far an array of a dtype may be from a prediction whose largest magnitude is given."""
    single = dtype.kind == "f" and dtype.itemsize < 8
    close = MATCH_SINGLE_PRECISION if single else MATCH
    return np.asarray(close * np.maximum(1.0, largest))
