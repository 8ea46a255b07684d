"""The root mean square of an array."""

from __future__ import annotations

import math

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array


def root_mean_square(values: Array) -> float:
    """``√(Σ v² / n)``, without overflow; 0 for an empty array.

    >>> root_mean_square(np.array([3e200, -4e200])) == 5e200 / math.sqrt(2)
    True
    """
    largest = float(np.abs(values).max()) if values.size else 0.0
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(float(np.mean((values / largest) ** 2)))
