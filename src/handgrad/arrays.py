"""Array types named by their shape, checks of what a layer is given, and seeded generators."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

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
"""What a loss compares with: class numbers ``(B,)``, or an array of the output's own shape."""

COMPUTED_DTYPES = (np.dtype(np.float32), np.dtype(np.float64))

Kept = TypeVar("Kept")


def seeded(seed: int | None = None) -> np.random.Generator:
    """A random generator that gives the same numbers for the same seed on every platform.

    PCG64 by name: which generator ``np.random.default_rng`` returns may change with NumPy.

    >>> seeded(7).integers(10, size=3).tolist() == seeded(7).integers(10, size=3).tolist()
    True
    """
    return np.random.Generator(np.random.PCG64(seed))


def real(name: str, values: object) -> Array:
    """`values` as an array of float32 or float64; `name` is what an error calls them.

    An array of float32 or float64 is returned itself, not copied. Integers and booleans become
    float64, as NumPy's own promotion with a Python float would make them.

    Raises:
        DtypeError: anything else (float16, complex, objects, text): its gradients would silently
            lose precision or meaning.

    >>> real("x", [1, 2]).dtype
    dtype('float64')
    """
    if values is None:
        raise DtypeError(
            Text(
                zh="{name} 必须是数组，收到的是 None。没有写 return 的 forward 或 backward 返回的就是 None。",
                en="{name} must be an array; got None. "
                "A forward or backward without a return statement returns None.",
            ).format(name=name)
        )
    array = np.asarray(values)
    if array.dtype in COMPUTED_DTYPES:
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise DtypeError(
        Text(
            zh="{name} 必须是 float32 或 float64 的数组，收到的是 {dtype}。"
            "请先转换：np.asarray({name}, dtype=np.float64)。",
            en="{name} must be an array of float32 or float64; got {dtype}. "
            "Convert it first: np.asarray({name}, dtype=np.float64).",
        ).format(name=name, dtype=array.dtype)
    )


def upstream(dout: object, shape: tuple[int, ...]) -> Array:
    """The upstream gradient as an array, which must have the shape of forward's output.

    Raises:
        ShapeError: another shape; nothing is broadcast.
        DtypeError: see `real`.

    >>> upstream([1.0, 2.0], (2,))
    array([1., 2.])
    """
    array = real("dout", dout)
    if array.shape != shape:
        raise ShapeError(
            Text(
                zh="dout 的形状必须是 {expected}（与 forward 的输出相同），收到的是 {received}。"
                "backward 对应的是最近一次 forward：请先用这个 dout 所属的那一批数据调用 forward。",
                en="dout must have shape {expected} (the shape of forward's output); "
                "got {received}. backward uses the last forward: "
                "first call forward with the batch that this dout belongs to.",
            ).format(expected=shape, received=array.shape)
        )
    return array


def require_forward(kept: Kept | None, owner: str, first: str = "forward(x)") -> Kept:
    """What the call `first` stored for backward.

    Raises:
        OrderError: `first` has not been called.

    >>> require_forward(3, "Relu")
    3
    """
    if kept is None:
        raise OrderError(
            Text(
                zh="{owner}.backward() 要用到 {first} 保存的数组，但还没有调用过 {first}：请先调用它。",
                en="{owner}.backward() needs what {first} stores, and {first} has not been called: "
                "call {first} first.",
            ).format(owner=owner, first=first)
        )
    return kept
