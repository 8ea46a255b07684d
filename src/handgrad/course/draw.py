"""Drawing the arrays of a case: sizes that differ, values of order one, layouts of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from handgrad.arrays import Array

Draw: TypeAlias = Callable[..., Array]
"""``draw(rng, *shape)`` → an array of that shape."""
Layout: TypeAlias = Callable[[Array], Array]
"""The same numbers, in another layout in memory."""

SMALLEST, LARGEST = 2, 6


@dataclass(frozen=True)
class Sizes:
    """Batch size B, inputs N, outputs M."""

    B: int
    N: int
    M: int


def different_sizes(rng: np.random.Generator) -> Sizes:
    """B, N and M from 2 to 6, all different: a confused axis cannot go unseen."""
    B, N, M = different_numbers(rng, 3)
    return Sizes(B, N, M)


def different_numbers(rng: np.random.Generator, count: int) -> list[int]:
    """Numbers from 2 to 6, all different."""
    drawn = rng.permutation(np.arange(SMALLEST, LARGEST + 1))[:count]
    return [int(number) for number in drawn]


def values(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Array:
    """Entries of magnitude ``0.5 · scale`` to ``1.5 · scale`` with random signs.

    None is near zero, so that a missing factor shows. With scale 1, sums of eight products stay
    below 18, so that an honest float32 answer errs far less than the tolerance.
    """
    signs = rng.choice([-1.0, 1.0], shape)
    return np.asarray(scale * signs * rng.uniform(0.5, 1.5, shape))


def every_second_column(array: Array) -> Array:
    """The same numbers as a view into an array twice as wide: not contiguous."""
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]))
    wide[..., ::2] = array
    return wide[..., ::2]


def column_major(array: Array) -> Array:
    """The same numbers in Fortran order."""
    return np.asfortranarray(array)


def backwards(array: Array) -> Array:
    """The same numbers as a view with a negative stride."""
    return np.ascontiguousarray(array[::-1])[::-1]
