"""Hypothesis strategies for the inputs of a layer: shapes that match, and arrays of these shapes.

>>> from hypothesis import given
>>> from handgrad.strategies import inputs
>>> @given(inputs({"x": "B N", "W": "N M"}))
... def test_product(arrays):
...     assert (arrays["x"] @ arrays["W"]).shape == (len(arrays["x"]), arrays["W"].shape[1])
>>> test_product()

Needs Hypothesis (``pip install hypothesis``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import DTypeLike, NDArray

from handgrad.arrays import seeded
from handgrad.gradcheck.conditions.axis_lengths import MOST_ENTRIES, TILE_EDGES
from handgrad.gradcheck.conditions.memory_layouts import LAYOUTS, MemoryLayout, laid_out

SMALL = (2, 3, 4, 5, 7, 8)
Shapes = dict[str, tuple[int, ...]]


def sizes(*, edges: bool = True, empty: bool = False) -> st.SearchStrategy[int]:
    """The length of an axis: a small one, or one around the edge of a tile (1, 31, 33, 127, 129).

    Args:
        edges: include lengths around the edges of tiles.
        empty: include 0.

    >>> from hypothesis import find
    >>> find(sizes(), lambda size: size > 8)
    127
    """
    # Hypothesis shrinks towards the first. 2 shows more than 1, where a sum and a mean are equal.
    return st.sampled_from([*SMALL, *(TILE_EDGES if edges else ()), *((0,) if empty else ())])


@st.composite
def _shapes(
    draw: st.DrawFn, signatures: Mapping[str, str], size: st.SearchStrategy[int], most: int
) -> Shapes:
    axes = sorted({axis for text in signatures.values() for axis in text.split()})
    lengths = {axis: int(axis) if axis.isdecimal() else draw(size, label=axis) for axis in axes}
    shapes = {
        name: tuple(lengths[axis] for axis in text.split()) for name, text in signatures.items()
    }
    while max((int(np.prod(shape)) for shape in shapes.values()), default=0) > most:
        longest = max((a for a in axes if not a.isdecimal()), key=lambda axis: lengths[axis])
        lengths[longest] = max(2, lengths[longest] // 2)
        shapes = {
            name: tuple(lengths[axis] for axis in text.split()) for name, text in signatures.items()
        }
        if lengths[longest] == 2:
            break
    return shapes


def shapes(
    signatures: Mapping[str, str],
    *,
    size: st.SearchStrategy[int] | None = None,
    most_entries: int = MOST_ENTRIES,
) -> st.SearchStrategy[Shapes]:
    """Shapes in which axes of the same name have the same length.

    Args:
        signatures: for each array the names of its axes, separated by spaces; a number is a fixed length.
        size: how the length of an axis is drawn; `sizes()` by default.
        most_entries: the largest number of entries of an array.

    >>> from hypothesis import find
    >>> find(shapes({"x": "B N", "W": "N M", "b": "M"}), lambda shapes: True)
    {'x': (2, 2), 'W': (2, 2), 'b': (2,)}
    """
    return _shapes(dict(signatures), sizes() if size is None else size, most_entries)


def layouts() -> st.SearchStrategy[MemoryLayout]:
    """A memory layout: transposed, with gaps, of stride 0, overlapping, …."""
    return st.sampled_from(LAYOUTS)


@st.composite
def _inputs(
    draw: st.DrawFn,
    shapes_of: st.SearchStrategy[Shapes],
    dtype: np.dtype[Any],
    laid: bool,
) -> dict[str, NDArray[Any]]:
    drawn = draw(shapes_of)
    rng = seeded(draw(st.integers(0, 2**32 - 1), label="seed"))
    arrays = {name: rng.normal(size=shape).astype(dtype) for name, shape in drawn.items()}
    if laid:
        for name, array in arrays.items():
            ways = {"contiguous": array} | {way.name: placed for way, placed, _ in laid_out(array)}
            arrays[name] = ways[draw(st.sampled_from(list(ways)), label=f"layout of {name}")]
    return arrays


def inputs(
    signatures: Mapping[str, str],
    *,
    dtype: DTypeLike = np.float64,
    size: st.SearchStrategy[int] | None = None,
    laid: bool = False,
) -> st.SearchStrategy[dict[str, NDArray[Any]]]:
    """Gaussian arrays with matching shapes, drawn from a seed that Hypothesis chooses.

    If Hypothesis drew the entries itself, they would shrink to 0, where ReLU is not differentiable and a
    product is zero. With a seed, only the sizes shrink.

    Args:
        signatures: see `shapes`.
        dtype: float64 by default.
        size: how the length of an axis is drawn; `sizes()` by default.
        laid: whether the arrays also get other memory layouts (see `layouts`).
    """
    return _inputs(shapes(signatures, size=size), np.dtype(dtype), laid)
