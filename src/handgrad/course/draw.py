"""Drawing the arrays of a case: sizes that differ, values of order one, layouts of every kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handgrad.arrays import Array


@dataclass(frozen=True)
class Sizes:
    """Batch size B, inputs N, outputs M."""

    B: int
    N: int
    M: int


def different_sizes(rng: np.random.Generator) -> Sizes:
    """B, N and M from 2 to 6, all different: a confused axis cannot go unseen."""
    B, N, M = rng.permutation(np.arange(2, 7))[:3]
    return Sizes(int(B), int(N), int(M))


def values(rng: np.random.Generator, *shape: int) -> Array:
    """Entries of magnitude 0.5 to 1.5 with random signs.

    None is near zero, so that a missing factor shows; sums of six products stay below 15, so that
    an honest float32 answer errs far less than the tolerance.
    """
    signs = rng.choice([-1.0, 1.0], shape)
    return np.asarray(signs * rng.uniform(0.5, 1.5, shape))


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
