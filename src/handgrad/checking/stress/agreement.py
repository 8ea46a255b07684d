"""Do two runs of the same function on the same numbers agree?

Another layout, another order of summation or another tile may round otherwise, so half of the
digits must agree, measured against the largest entry. What a kernel gets wrong here is memory that is
not its own: errors as large as the gradient itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def difference(received: NDArray[Any] | None, expected: NDArray[Any] | None) -> float | None:
    """By how much the worst entry is off, over the largest expected; None where they agree.

    A missing gradient is one of zeros. Infinite where shapes differ or one is not finite.

    >>> difference(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12])) is None
    True
    >>> difference(np.array([1.0, np.nan]), np.array([1.0, 2.0]))
    inf
    >>> difference(None, np.zeros(2)) is None
    True
    """
    if received is None or expected is None:
        there = received if expected is None else expected
        return None if there is None or not there.any() else 1.0
    if received.shape != expected.shape:
        return float("inf")
    if received.size == 0 or np.array_equal(received, expected, equal_nan=True):
        return None
    with np.errstate(all="ignore"):
        off = np.abs(received.astype(np.float64) - expected.astype(np.float64))
        off[(received == expected) | (np.isnan(received) & np.isnan(expected))] = 0.0
        largest = float(np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0))
    if not np.isfinite(off).all():
        return float("inf")
    worst = float(off.max()) / (largest or 1.0)
    return worst if worst > allowed(received.dtype, expected.dtype) else None


def allowed(*dtypes: np.dtype[Any]) -> float:
    """The relative difference that rounding may make: half the digits of the coarsest dtype.

    >>> allowed(np.dtype(np.float64)) < 2e-8
    True
    """
    return max(float(np.sqrt(np.finfo(dtype).eps)) for dtype in dtypes if dtype.kind == "f")
