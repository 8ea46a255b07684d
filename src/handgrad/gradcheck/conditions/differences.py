"""The relative difference between two runs of the same function on the same numbers.

Rounding may depend on the memory layout, the order of summation or the tile size, so only half of the
digits must agree, relative to the largest entry. A kernel that reads the wrong memory has errors as
large as the gradient itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

SMALLEST_SHARE = 0.05
"""The smallest scale, relative to the largest gradient. A gradient far below the others may be zero up to
rounding, as that of a bias before a normalisation."""

GradientsByName = Mapping[str, object]


def relative_difference(
    received: object, expected: object, scale: float = 0.0, epsilon: float = 0.0
) -> float | None:
    """The error of the worst entry relative to the largest expected one; None if the arrays agree.

    A missing gradient counts as zeros. Infinite if shapes differ or an entry is not finite.

    Args:
        received: an array, or None.
        expected: an array, or None.
        scale: the error is relative to at least this, so that a gradient that is zero up to rounding is
            not compared digit by digit.
        epsilon: the machine epsilon of the type that the code computes in, if that is coarser than the
            types of the two arrays: bfloat16 is handed over as float32, and a loss that was summed in
            float32 may be a Python float.

    >>> relative_difference(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12])) is None
    True
    >>> relative_difference(np.array([1.0, np.nan]), np.array([1.0, 2.0]))
    inf
    >>> relative_difference(None, np.zeros(2)) is None
    True
    """
    if received is None or expected is None:
        there = received if expected is None else expected
        return None if there is None or not np.asarray(there).any() else 1.0
    got, want = np.asarray(received), np.asarray(expected)
    if got.shape != want.shape:
        return float("inf")
    got, want = np.atleast_1d(got), np.atleast_1d(want)
    if got.size == 0 or np.array_equal(got, want, equal_nan=True):
        return None
    with np.errstate(all="ignore"):
        off = np.abs(got.astype(np.float64) - want.astype(np.float64))
        off[(got == want) | (np.isnan(got) & np.isnan(want))] = 0.0
    if not np.isfinite(off).all():
        return float("inf")
    worst = float(off.max()) / (max(largest_magnitude(want), scale) or 1.0)
    tolerance = max(rounding_tolerance(got.dtype, want.dtype), math.sqrt(epsilon))
    return worst if worst > tolerance else None


def largest_magnitude(values: object) -> float:
    """The largest absolute value of the finite entries; 0 for an array without any, or for None."""
    if values is None:
        return 0.0
    array = np.abs(np.asarray(values, dtype=np.float64))
    return float(np.max(array, initial=0.0, where=np.isfinite(array)))


def rounding_tolerance(*dtypes: np.dtype[Any]) -> float:
    """The relative difference that is accepted as rounding: half the digits of the coarsest dtype.

    >>> rounding_tolerance(np.dtype(np.float64)) < 2e-8
    True
    """
    return max((float(np.sqrt(np.finfo(d).eps)) for d in dtypes if d.kind == "f"), default=0.0)


def error_scales(gradients: GradientsByName) -> dict[str, float]:
    """The scale of the errors of each gradient, from the baseline run.

    >>> error_scales({"W": np.array([2.0]), "b": np.array([1e-17])})
    {'W': 2.0, 'b': 0.1}
    """
    sizes = {name: largest_magnitude(gradient) for name, gradient in gradients.items()}
    least = SMALLEST_SHARE * max(sizes.values(), default=0.0)
    return {name: max(size, least) for name, size in sizes.items()}


def largest_difference(
    found: GradientsByName,
    expected: GradientsByName,
    scale: Mapping[str, float],
    names: Iterable[str] | None = None,
    epsilon: float = 0.0,
) -> tuple[str, float] | None:
    """The array with the largest difference, and the difference; None if all agree."""
    off = {
        name: error
        for name in (expected if names is None else names)
        if (
            error := relative_difference(
                found.get(name), expected[name], scale.get(name, 0.0), epsilon
            )
        )
        is not None
    }
    return max(off.items(), key=lambda item: item[1]) if off else None
