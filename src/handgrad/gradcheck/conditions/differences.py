"""Do two runs of the same function on the same numbers agree?

Another layout, another order of summation or another tile may round otherwise, so half of the
digits must agree, measured against the largest entry. What a kernel gets wrong here is memory that is
not its own: errors as large as the gradient itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

SMALLEST_SHARE = 0.05
"""A gradient far below the others may be zero but for rounding: a bias before a normalisation."""

GradientsByName = Mapping[str, object]


def relative_difference(
    received: object, expected: object, scale: float = 0.0, among: Iterable[np.dtype[Any]] = ()
) -> float | None:
    """By how much the worst entry is off, over the largest expected; None where they agree.

    A missing gradient is one of zeros. Infinite where shapes differ or one is not finite.

    Args:
        received: an array, or None.
        expected: an array, or None.
        scale: what the error is measured against, where no expected entry is as large. A gradient
            that is zero but for rounding is then not compared digit by digit.
        among: dtypes that were computed with: a loss may be a Python float, and was summed in float32.

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
    return worst if worst > rounding_tolerance(got.dtype, want.dtype, *among) else None


def largest_magnitude(values: object) -> float:
    """The largest finite entry by size; 0 for an array without any, or for None."""
    if values is None:
        return 0.0
    array = np.abs(np.asarray(values, dtype=np.float64))
    return float(np.max(array, initial=0.0, where=np.isfinite(array)))


def rounding_tolerance(*dtypes: np.dtype[Any]) -> float:
    """The relative difference that rounding may make: half the digits of the coarsest dtype.

    >>> rounding_tolerance(np.dtype(np.float64)) < 2e-8
    True
    """
    return max((float(np.sqrt(np.finfo(d).eps)) for d in dtypes if d.kind == "f"), default=0.0)


def error_scales(gradients: GradientsByName) -> dict[str, float]:
    """What the errors of each gradient are measured against, from a plain run.

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
    among: Iterable[np.dtype[Any]] = (),
) -> tuple[str, float] | None:
    """The array that is furthest off, and by how much; None where all agree."""
    off = {
        name: error
        for name in (expected if names is None else names)
        if (
            error := relative_difference(
                found.get(name), expected[name], scale.get(name, 0.0), among
            )
        )
        is not None
    }
    return max(off.items(), key=lambda item: item[1]) if off else None
