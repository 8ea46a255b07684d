"""A map of the errors of each wrong array, to be drawn beside the verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from handgrad.diagnosis.array_difference import TOLERANCE
from handgrad.diagnosis.case import Array
from handgrad.diagnosis.compared_array import ComparedArray, by_array
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.verdict import ErrorMap

LARGEST_MAP = 16
"""The most rows and columns of a map."""
SHOWN_DIGITS = 3

Rows = tuple[tuple[float | None, ...], ...]


def error_maps(diagnosis: Diagnosis, *, graded: bool = False) -> tuple[ErrorMap, ...]:
    """A map of each array that is wrong, of the first case in which it is.

    Args:
        diagnosis: of the class.
        graded: give only which entries are wrong (1) and which are right (0): the expected values
            could be computed from the errors and the received array.
    """
    first = [evidence[0] for evidence in by_array(diagnosis.wrong).values()]
    with np.errstate(all="ignore"):
        blocks = [_blocks(_errors(compared)) for compared in first]
        matrices = _shown(blocks, graded)
    return tuple(map(_map, first, matrices))


def _map(compared: ComparedArray, matrix: Rows) -> ErrorMap:
    difference, received = compared.difference, compared.received.array
    assert difference is not None
    shape = difference.expected_shape
    return ErrorMap(
        array=compared.array,
        case=compared.trial.number,
        expected_shape=shape,
        received_shape=None if received is None else received.shape,
        error=difference.error,
        rows=shape[0] if len(shape) > 1 else 1,
        columns=math.prod(shape[1:] if len(shape) > 1 else shape),
        matrix=matrix,
    )


def _errors(compared: ComparedArray) -> Array:
    """|received − expected| as a matrix; an empty one where the two cannot be subtracted."""
    received, expected = compared.received.array, compared.trial.expected[compared.array]
    if (
        received is None
        or received.shape != np.shape(expected)
        or received.size == 0
        or received.dtype.kind not in "fiubc"
    ):
        return np.empty((0, 0))
    errors: Array = np.abs(received - expected)
    return errors.reshape(len(errors) if errors.ndim > 1 else 1, -1)


def _blocks(errors: Array) -> Array:
    """The largest error of each block; not finite where one of them is not."""
    for axis, size in enumerate(errors.shape):
        if size > LARGEST_MAP:
            begins = np.arange(LARGEST_MAP) * size // LARGEST_MAP
            errors = np.maximum.reduceat(errors, begins, axis=axis)
    return errors


def _shown(matrices: Sequence[Array], graded: bool) -> list[Rows]:
    """Three significant digits of each entry; None where it is not finite.

    All matrices at once: the learner is waiting.
    """
    entries = np.concatenate([np.empty(0), *(matrix.ravel() for matrix in matrices)])
    is_finite = np.isfinite(entries)
    if graded:
        numbers = (~(entries <= TOLERANCE)).astype(float).tolist()
    else:
        scale = 10.0 ** (SHOWN_DIGITS - 1 - np.floor(np.log10(entries)))
        rounded = np.rint(entries * scale) / scale
        numbers = np.where(np.isfinite(rounded), rounded, entries).tolist()
    if not is_finite.all():
        numbers = [n if known else None for n, known in zip(numbers, is_finite, strict=True)]
    shown, start = [], 0
    for matrix in matrices:
        rows, columns = matrix.shape
        begins = [start + row * columns for row in range(rows)]
        shown.append(tuple(tuple(numbers[begin : begin + columns]) for begin in begins))
        start += rows * columns
    return shown
