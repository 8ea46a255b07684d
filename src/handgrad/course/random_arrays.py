"""Random arrays for cases: different sizes, values of order one, every memory layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np

from handgrad.arrays import Array
from handgrad.errors import LevelError
from handgrad.languages import Text

Draw: TypeAlias = Callable[..., Array]
"""``draw(rng, *shape)`` → an array of that shape."""
LayoutChange: TypeAlias = Callable[[Array], Array]
"""The same numbers, in another layout in memory."""

Drawn = TypeVar("Drawn")

SMALLEST, LARGEST = 2, 6
"""The sizes of a case."""
WEAKEST, STRONGEST = 0.5, 30.0
"""The largest entry of a gradient that is compared lies between these."""
MOST_TRIES = 10_000


@dataclass(frozen=True)
class LayerSizes:
    """Batch size B, inputs N, outputs M."""

    B: int
    N: int
    M: int


def different_sizes(rng: np.random.Generator) -> LayerSizes:
    """B, N and M from 2 to 6, all different, so that a confused axis shows."""
    B, N, M = different_numbers(rng, 3)
    return LayerSizes(B, N, M)


def different_numbers(rng: np.random.Generator, count: int) -> list[int]:
    """Numbers from 2 to 6, all different."""
    drawn = rng.permutation(np.arange(SMALLEST, LARGEST + 1))[:count]
    return [int(number) for number in drawn]


def values(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Array:
    """Entries of magnitude ``0.5 · scale`` to ``1.5 · scale`` with random signs.

    None is near zero, so that a missing factor shows. With scale 1, sums of eight products stay
    below 18, so that correct float32 code errs far less than the tolerance.
    """
    signs = rng.choice([-1.0, 1.0], shape)
    return np.asarray(scale * signs * rng.uniform(0.5, 1.5, shape))


def digits(rng: np.random.Generator, *shape: int) -> Array:
    """Whole numbers of one digit, none of them 0 or 1, all different as long as there are enough."""
    count = int(np.prod(shape, dtype=int))
    pool = [*range(2, 10), *range(-9, -1)]
    drawn = np.concatenate([rng.permutation(pool) for _ in range(count // len(pool) + 1)])
    return np.asarray(drawn[:count].reshape(shape), dtype=np.float64)


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


def both_signs(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Array:
    """`values` among which there are positive and negative ones (of two entries or more)."""
    return drawn_until(
        lambda: values(rng, *shape, scale=scale),
        lambda drawn: drawn.size < 2 or bool(drawn.min() < 0 < drawn.max()),
    )


def are_of_order_one(*gradients: Array) -> bool:
    """Whether the largest entry of each array lies between 0.5 and 30.

    Then neither a missing factor nor a missing term hides below the tolerance, and correct float32
    code stays within it.

    >>> are_of_order_one(np.array([0.0, -2.0])), are_of_order_one(np.array([2.0]), np.array([0.01]))
    (True, False)
    """
    return all(WEAKEST <= np.abs(gradient).max() <= STRONGEST for gradient in gradients)


def drawn_until(draw: Callable[[], Drawn], holds: Callable[[Drawn], bool]) -> Drawn:
    """The first of several draws for which `holds` is true.

    Raises:
        LevelError: it never is; the level's ranges contradict what it asks for.
    """
    for _ in range(MOST_TRIES):
        drawn = draw()
        if holds(drawn):
            return drawn
    raise LevelError(
        Text(
            zh="抽了 {tries} 次也没有得到满足条件的输入：请放宽 cases.py 里的条件或取值范围。",
            en="{tries} draws gave no input that meets the condition: widen the ranges or the "
            "condition in cases.py.",
        ).format(tries=MOST_TRIES)
    )
