"""Array types named by their shape, checks of what a layer is given, and seeded generators."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from handgrad.errors import DtypeError, OrderError, ShapeError
from handgrad.languages import Text

Array: TypeAlias = NDArray[np.floating[Any]]
"""An array of real numbers, of any shape."""
Batch: TypeAlias = Array
"""Shape ``(B, d1, …, dk)``: a batch of B samples."""
Weights: TypeAlias = Array
"""Shape ``(D_in, D_out)``."""
Bias: TypeAlias = Array
"""Shape ``(D_out,)``."""
Labels: TypeAlias = NDArray[Any]
"""Shape ``(B,)``: integer class labels; or ``(B, C)``: one row of probabilities a sample."""

CHAIN_DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def seeded(seed: int | None = None) -> np.random.Generator:
    """A random generator that gives the same numbers for the same seed on every platform.

    >>> seeded(7).integers(10, size=3).tolist() == seeded(7).integers(10, size=3).tolist()
    True
    """
    return np.random.Generator(np.random.PCG64(seed))


def real(name: str, values: object) -> Array:
    """`values` as an array of float32 or float64.

    float32 and float64 stay as they are; integers and booleans become float64, as NumPy's own
    promotion with a Python float would make them.

    Raises:
        DtypeError: anything else (float16, complex, objects, text): its gradients would silently
            lose precision or meaning.

    >>> real("x", [1, 2]).dtype
    dtype('float64')
    """
    array = np.asarray(values)
    if array.dtype in CHAIN_DTYPES:
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise DtypeError(
        Text(
            zh="{name} 必须是 float32 或 float64 的数组，收到的是 {dtype}。请先转换：{name}.astype(np.float64)。",
            en="{name} must be an array of float32 or float64; got {dtype}. "
            "Convert it first: {name}.astype(np.float64).",
        ).format(name=name, dtype=array.dtype)
    )


def require_shape(name: str, array: Array, expected: tuple[int, ...], because: Text) -> None:
    """Raise a `ShapeError` that names both shapes unless `array` has the expected one.

    `because` says where the expected shape comes from.
    """
    if array.shape != expected:
        raise ShapeError(
            Text(
                zh="{name} 的形状必须是 {expected}（{because}），收到的是 {received}。",
                en="{name} must have shape {expected} ({because}); got {received}.",
            ).format(name=name, expected=expected, because=because, received=array.shape)
        )


def require_forward(kept: Any, layer: str, first: str = "forward(x)") -> None:
    """Raise an `OrderError` unless the call `first` has left something to go back through."""
    if kept is None:
        raise OrderError(
            Text(
                zh="{layer}.backward() 要用到 {first} 留下的数组：请先调用 {first}。",
                en="{layer}.backward() uses what {first} keeps: call {first} first.",
            ).format(layer=layer, first=first)
        )


SAME_AS_OUTPUT = Text(zh="与 forward 的输出相同", en="the shape of forward's output")
