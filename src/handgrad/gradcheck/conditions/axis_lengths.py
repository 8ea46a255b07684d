"""Axis lengths at which kernels often fail: around the edges of tiles, 1 and 0.

Axes of equal length change together. If forward then refuses, the length is part of the function (a
kernel's width, a layer's own weights).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TILE_EDGES = (1, 127, 31, 129, 33)
"""One, and both sides of the tiles of 32 and 128 that kernels work in."""
PROBE_LENGTH = 33
"""The length that shows which axes may change at all: a whole tile and a part of one."""
EMPTY = 0
MOST_ENTRIES = 1 << 20
"""An array never grows beyond this."""
MOST_MIXED = 1 << 14
"""An array never grows beyond this if several axes change at once."""

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class AxisGroup:
    """Axes of one length, which change together.

    Attributes:
        length: their present length.
        axes: for each the array's name and the number of the axis.
    """

    length: int
    axes: tuple[tuple[str, int], ...]


def axis_groups(shapes: Shapes) -> tuple[AxisGroup, ...]:
    """The groups of axes of equal length.

    >>> [(f.length, f.axes) for f in axis_groups({"x": (4, 5), "W": (5, 3)})]
    [(4, (('x', 0),)), (5, (('x', 1), ('W', 0))), (3, (('W', 1),))]
    """
    found: dict[int, list[tuple[str, int]]] = {}
    for name, shape in shapes.items():
        for axis, size in enumerate(shape):
            found.setdefault(size, []).append((name, axis))
    return tuple(AxisGroup(length, tuple(axes)) for length, axes in found.items() if length > 0)


def resized(shapes: Shapes, lengths: Mapping[int, int]) -> dict[str, tuple[int, ...]]:
    """The shapes if axes of each of these lengths get another.

    >>> resized({"x": (4, 5), "W": (5, 3)}, {5: 31, 4: 1})
    {'x': (1, 31), 'W': (31, 3)}
    """
    return {name: tuple(lengths.get(n, n) for n in shape) for name, shape in shapes.items()}


def is_small(shapes: Shapes, most: int = MOST_ENTRIES) -> bool:
    """Whether no array is too large."""
    return max((math.prod(shape) for shape in shapes.values()), default=0) <= most


def length_combinations(
    shapes: Shapes, lengths: Sequence[int], others: Sequence[int]
) -> Iterator[dict[int, int]]:
    """Combinations in which every length takes every other value, several at once if arrays stay small.

    A value that would make an array too large is tried alone.

    >>> list(length_combinations({"x": (4, 5)}, [4, 5], [1, 127, 31]))
    [{4: 1, 5: 127}, {4: 127, 5: 31}, {4: 31, 5: 1}]
    >>> list(length_combinations({"x": (4, 5, 300)}, [4, 5], [1, 127]))
    [{4: 1}, {5: 1}, {5: 127}, {4: 127}]
    """
    alone: list[dict[int, int]] = []
    for turn in range(len(others)):
        chosen: dict[int, int] = {}
        for place, length in enumerate(lengths):
            other = others[(turn + place) % len(others)]
            if is_small(resized(shapes, {**chosen, length: other}), MOST_MIXED):
                chosen[length] = other
            else:
                alone.append({length: other})
        yield chosen
    yield from alone


def redrawn(array: NDArray[Any], shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[Any]:
    """Numbers for another shape, drawn between entries of `array`.

    Each lies between two of the given entries, so that they stay in a domain such as positive numbers or
    probabilities. Integers and booleans are drawn from those given. The dtype is that of the array.

    >>> rng = np.random.default_rng(0)
    >>> bool((redrawn(np.array([1.0, 2.0]), (7,), rng) >= 1.0).all())
    True
    """
    entries = array.reshape(-1)
    if entries.size == 0:
        return np.zeros(shape, array.dtype)
    one = rng.choice(entries, size=shape)
    if array.dtype.kind != "f":
        return np.asarray(one, array.dtype)
    other = rng.choice(entries, size=shape)
    share = rng.uniform(size=shape)
    return np.asarray(share * one + (1 - share) * other, array.dtype)
