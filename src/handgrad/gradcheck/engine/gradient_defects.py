"""Defects of a gradient that show without its values: missing, wrong shape, wrong type, not finite."""

from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.languages import Text


def defect_of(value: object, primal: Array) -> Text | None:
    """The first defect of a gradient, with a place for its ``{name}``; None if it is valid.

    >>> defect_of(np.zeros(3, dtype=bool), np.zeros(3)).format(name="dW")["en"]
    'dW must hold floating-point numbers; got dtype bool.'
    """
    if value is None:
        return _MISSING.format(shape=primal.shape, name="{name}")
    if not isinstance(value, (np.ndarray, np.generic, float)):
        return _TYPE.format(kind=_kind(value), shape=primal.shape, name="{name}")
    array = np.asarray(value)
    if array.shape != primal.shape:
        return _SHAPE.format(received=array.shape, shape=primal.shape, name="{name}")
    if array.dtype.kind != "f":
        return _DTYPE.format(received=array.dtype, name="{name}")
    finite = np.isfinite(array)
    if not finite.all():
        index = [int(i) for i in np.argwhere(~finite)[0]]
        count = int(np.count_nonzero(~finite))
        return _NOT_FINITE.format(count=count, entries=array.size, index=index, name="{name}")
    return None


def _kind(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__


_MISSING = Text(
    zh="没有 {name}：它应当是形状为 {shape} 的数组。请从 backward 返回它，或者存到这个属性里。",
    en="There is no {name}: it must be an array of shape {shape}. Return it from backward, or store it "
    "in this attribute.",
)
_TYPE = Text(
    zh="{name} 必须是形状为 {shape} 的数组，收到的是 {kind}。",
    en="{name} must be an array of shape {shape}; got {kind}.",
)
_SHAPE = Text(
    zh="{name} 的形状必须与原数组相同，即 {shape}；收到的是 {received}。"
    "如果 forward 里有广播，backward 要沿被广播的轴求和。",
    en="{name} must have the shape of the array it belongs to, {shape}; got {received}. If forward broadcasts, "
    "backward must sum over the broadcast axes.",
)
_DTYPE = Text(
    zh="{name} 必须是浮点数组，收到的 dtype 是 {received}。",
    en="{name} must hold floating-point numbers; got dtype {received}.",
)
_NOT_FINITE = Text(
    zh="{name} 里有 {count}/{entries} 个数不是有限数，第一个在 {index}，而 forward 的输出都是有限的。",
    en="{name} is not finite in {count} of {entries} entries (first at {index}), although every output "
    "of forward is finite.",
)
