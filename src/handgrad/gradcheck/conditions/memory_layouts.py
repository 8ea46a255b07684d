"""Memory layouts of an array that are not contiguous.

Gaps between entries hold NaN, so that code which reads memory in order gives a wrong result. Strides
are never negative, because PyTorch has no such arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from handgrad.languages import Text

AnyArray = NDArray[Any]


@dataclass(frozen=True)
class MemoryLayout:
    """One memory layout.

    Attributes:
        name: its name in JSON.
        text: its name in a sentence, after "an array".
        lay: gives an array of the same shape and dtype in this layout.
        keeps_values: whether all numbers stay the same; entries that share memory cannot differ.
    """

    name: str
    text: Text
    lay: Callable[[AnyArray], AnyArray]
    keeps_values: bool = True


def _column_major(array: AnyArray) -> AnyArray:
    return array.copy(order="F")


def _every_second(array: AnyArray) -> AnyArray:
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), gap_value(array.dtype), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def _inner_block(array: AnyArray) -> AnyArray:
    block = tuple(slice(1, 1 + size) for size in array.shape)
    wide = np.full(tuple(size + 2 for size in array.shape), gap_value(array.dtype), array.dtype)
    wide[block] = array
    return wide[block]


def _one_value(array: AnyArray) -> AnyArray:
    return np.broadcast_to(array.reshape(-1)[:1].copy().reshape(()), array.shape)


def _repeated_row(array: AnyArray) -> AnyArray:
    return np.broadcast_to(array[:1].copy(), array.shape)


def _sliding_window(array: AnyArray) -> AnyArray:
    """Each row begins one entry after the previous row, so rows share all but one of their entries."""
    row = array.reshape(array.shape[0], -1)
    memory = np.resize(row, row.shape[0] + row.shape[1] - 1).astype(array.dtype)
    step = memory.strides[0]
    inner = [step * int(np.prod(array.shape[axis + 1 :])) for axis in range(1, array.ndim)]
    return as_strided(memory, array.shape, (step, *inner))


def gap_value(dtype: np.dtype[Any]) -> Any:
    """What memory holds that must not be read: NaN, the largest integer, or 1."""
    return np.nan if dtype.kind in "fc" else np.iinfo(dtype).max if dtype.kind in "iu" else 1


COLUMN_MAJOR = MemoryLayout(
    "column-major",
    Text(zh="转置的（列优先）", en="in column-major order (transposed)"),
    _column_major,
)
EVERY_SECOND = MemoryLayout(
    "every-second",
    Text(zh="每隔一个元素取一个的", en="of every second entry of a larger one"),
    _every_second,
)
INNER_BLOCK = MemoryLayout(
    "inner-block", Text(zh="从更大的数组里切出的", en="cut out of a larger one"), _inner_block
)
ONE_VALUE = MemoryLayout(
    "one-value",
    Text(
        zh="由一个数广播而来的（步幅为 0，如 y.sum() 的）",
        en="with stride 0 that repeats one number, as the backward of y.sum() gives",
    ),
    _one_value,
    keeps_values=False,
)
REPEATED_ROW = MemoryLayout(
    "repeated-row",
    Text(zh="由一行广播而来的（步幅为 0）", en="with stride 0 that repeats one row"),
    _repeated_row,
    keeps_values=False,
)
SLIDING_WINDOW = MemoryLayout(
    "sliding-window",
    Text(zh="各行在内存中重叠的（滑动窗口）", en="whose rows overlap in memory"),
    _sliding_window,
    keeps_values=False,
)
LAYOUTS = (COLUMN_MAJOR, EVERY_SECOND, INNER_BLOCK, ONE_VALUE, REPEATED_ROW, SLIDING_WINDOW)
"""Every layout, those that keep the values first."""


def laid_out(array: AnyArray) -> Iterator[tuple[MemoryLayout, AnyArray, AnyArray]]:
    """Every layout that differs from contiguous for this shape: the layout, the array in it, a copy.

    >>> [layout.name for layout, _, _ in laid_out(np.arange(6.0).reshape(2, 3))][:2]
    ['column-major', 'every-second']
    >>> [layout.name for layout, _, _ in laid_out(np.array(1.0))]
    []
    """
    if array.ndim == 0 or array.size <= 1:
        return
    for layout in LAYOUTS:
        if layout is SLIDING_WINDOW and array.shape[0] == array.size:
            continue  # with rows of one entry the windows are the vector itself
        if layout is REPEATED_ROW and (array.shape[0] == 1 or array.ndim == 1):
            continue  # nothing to repeat, or the same as ONE_VALUE
        placed = layout.lay(array)
        if not placed.flags.c_contiguous:
            yield layout, placed, np.array(placed, order="C")


def span(array: AnyArray) -> tuple[AnyArray, tuple[int, ...]]:
    """The memory from an array's first entry to its last as one vector, and the strides in entries.

    Another library can build the same array from both: ``vector.as_strided(shape, strides)``.

    >>> vector, strides = span(np.broadcast_to(np.array([1.0, 2.0]), (3, 2)))
    >>> vector, strides
    (array([1., 2.]), (0, 1))
    """
    size = array.dtype.itemsize
    strides = tuple(stride // size for stride in array.strides)
    if array.size == 0:
        return np.empty(0, array.dtype), tuple(0 for _ in strides)
    last = sum((n - 1) * stride for n, stride in zip(array.shape, strides, strict=True))
    vector = as_strided(array, (last + 1,), (size,), writeable=array.flags.writeable)
    return vector, strides
