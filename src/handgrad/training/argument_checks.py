"""Checks of a training run's arguments before the first step."""

from __future__ import annotations

from typing import Any

import numpy as np

from handgrad.arrays import Array, Labels, real
from handgrad.errors import DataError, SettingError, ShapeError
from handgrad.languages import Text
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.losses import LOSSES
from handgrad.losses.softmax_cross_entropy import require_class_numbers, require_label_shape
from handgrad.network import LayerChain
from handgrad.network.step_arguments import takes_class_numbers

BLOCK = 4096
"""Rows checked at a time."""


def samples_for(network: LayerChain, x: object, name: str = "x") -> Array:
    """The samples, checked, contiguous and in the network's dtype.

    Raises:
        DtypeError: no numbers.
        ShapeError: no samples, or the first layer takes others.
        DataError: NaN or an infinity; the message says in which row.
    """
    array = real(name, x)
    if array.ndim < 1 or not array.size:
        raise ShapeError(
            Text(
                zh="{name} 至少要有一个样本，收到的形状是 {shape}。",
                en="{name} must hold at least one sample; got shape {shape}.",
            ).format(name=name, shape=array.shape)
        )
    first = network.layers[0]
    if type(first) is FullyConnected and array[0].size != first.W.shape[0]:
        raise ShapeError(
            Text(
                zh="{name} 的每个样本有 {got} 个数（形状 {shape}），而 layers[0] 要接收 {expected} 个"
                "（W 的形状是 {W}）。请改网络的第一层，或检查数据。",
                en="each sample of {name} has {got} numbers (shape {shape}), and layers[0] takes "
                "{expected} (W of shape {W}). Change the network's first layer, or check the data.",
            ).format(
                name=name,
                got=array[0].size,
                shape=array.shape,
                expected=first.W.shape[0],
                W=first.W.shape,
            )
        )
    require_finite(name, array)
    return np.ascontiguousarray(array, network.parameters.dtype)


def targets_of(network: LayerChain, t: object, count: int, name: str = "t") -> Labels:
    """The targets, checked, as the loss takes them.

    Raises:
        ShapeError: not one for each sample, or not of the network's width.
        LabelError: a class number out of range; the message names the row.
        DataError: NaN or an infinity; the message says in which row.
        DtypeError: no numbers.
    """
    array = np.asarray(t)
    if array.ndim < 1 or len(array) != count:
        raise ShapeError(
            Text(
                zh="每个样本都要有一个目标：样本有 {count} 个，{name} 的形状是 {shape}。",
                en="there must be a target for each sample: there are {count} samples, and {name} has "
                "shape {shape}.",
            ).format(count=count, name=name, shape=array.shape)
        )
    width = width_of(network)
    is_ours = type(network.loss) in LOSSES
    if is_ours and takes_class_numbers(network.loss) and array.ndim == 1:
        require_label_shape(array, (count, width or 1))
        if width is not None:
            require_class_numbers(array, width)
        return np.ascontiguousarray(array, np.int64)
    if array.dtype.kind != "f" and not is_ours:
        return array  # a loss written by hand decides itself what it takes
    array = real(name, array)
    if width is not None and is_ours and array.shape != (count, width):
        raise ShapeError(
            Text(
                zh="{name} 的形状必须与网络的输出相同，是 {expected}；收到的是 {shape}。",
                en="{name} must have the shape of the network's output, {expected}; got {shape}.",
            ).format(name=name, expected=(count, width), shape=array.shape)
        )
    require_finite(name, array)
    return np.ascontiguousarray(array, network.parameters.dtype)


def width_of(network: LayerChain) -> int | None:
    """How many numbers the network gives for a sample, where its layers are ours."""
    for layer in reversed(network.layers):
        if type(layer) is FullyConnected:
            return int(layer.W.shape[1])
        if type(layer) not in ACTIVATIONS:
            return None
    return None


def require_finite(name: str, array: Array) -> None:
    """Raise a `DataError` that names the first row with NaN or an infinity in it."""
    bad: list[Any] = []
    for start in range(0, len(array), BLOCK):
        good = np.isfinite(array[start : start + BLOCK])
        if not good.all():
            bad.append(start + np.flatnonzero(~good.reshape(len(good), -1).all(axis=1)))
    if bad:
        rows = np.concatenate(bad)
        raise DataError(
            Text(
                zh="{name} 必须全是有限数；第 {row} 行（从 0 数起）含有 NaN 或无穷大（共有 {count} 行这样）。"
                "训练没有开始。请先去掉或填补这些行，例如 x[np.isfinite(x).all(axis=1)]。",
                en="{name} must hold finite numbers only; row {row} (counted from 0) holds NaN or an "
                "infinity ({count} such rows in all). Training has not begun. Drop or fill such rows "
                "first, such as x[np.isfinite(x).all(axis=1)].",
            ).format(name=name, row=int(rows[0]), count=len(rows))
        )


def require_whole(name: str, value: object, least: int) -> int:
    """The setting as a whole number of at least `least`.

    Raises:
        SettingError: it is none.

    >>> require_whole("epochs", 3, 1)
    3
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise SettingError(
            Text(
                zh="{name} 必须是不小于 {least} 的整数，收到的是 {value}。",
                en="{name} must be a whole number of at least {least}; got {value}.",
            ).format(name=name, least=least, value=repr(value))
        )
    return int(value)


def require_batch_size(batch_size: object, count: int) -> int:
    """The batch size, which must not be larger than the data.

    Raises:
        SettingError: it is, or it is no whole number.
    """
    size = require_whole("batch_size", batch_size, 1)
    if size > count:
        raise SettingError(
            Text(
                zh="batch_size 是 {size}，而训练数据只有 {count} 个样本。请把 batch_size 改为不大于 {count} 的数。",
                en="batch_size is {size}, and there are only {count} samples to train on. "
                "Choose a batch_size of at most {count}.",
            ).format(size=size, count=count)
        )
    return size
