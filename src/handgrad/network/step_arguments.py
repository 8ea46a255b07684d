"""The arguments of a training step, checked: the batch, the targets, the optimizer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad import optimizers
from handgrad.arrays import Array, Labels, real
from handgrad.errors import OptimizerError, ShapeError
from handgrad.languages import Text, name_list
from handgrad.losses import LOSSES
from handgrad.losses.softmax_cross_entropy import require_class_numbers, require_label_shape
from handgrad.network.interfaces import Loss, UpdateRule


def require_batch(x: object) -> Array:
    """The batch as an array that holds at least one sample.

    Raises:
        ShapeError: no sample in it.
        DtypeError: see `real`.
    """
    array = real("x", x)
    if array.ndim < 1 or len(array) == 0:
        raise ShapeError(
            Text(
                zh="训练一步至少要有一个样本，收到的 x 形状是 {x}。",
                en="a training step needs at least one sample; got x of shape {x}.",
            ).format(x=array.shape)
        )
    return array


def targets_for(
    loss: Loss, t: Labels, z_shape: tuple[int, int], dtype: np.dtype[Any]
) -> NDArray[Any]:
    """The targets as the fused losses take it: class numbers of int64, or rows of the network's dtype.

    Raises:
        ShapeError, LabelError, DtypeError: what the loss itself would raise. Whether integer class
            numbers are in range is left to the caller.
    """
    t = np.asarray(t)
    if takes_class_numbers(loss) and t.shape != z_shape:
        require_label_shape(t, z_shape)
        if t.dtype.kind not in "iu":
            require_class_numbers(t, z_shape[1])
        return np.ascontiguousarray(t, np.int64)
    t = real("t", t)
    if t.shape != z_shape:
        raise ShapeError(
            Text(
                zh="t 的形状必须与网络的输出相同，是 {z}；收到的是 {t}。",
                en="t must have the shape of the network's output, {z}; got {t}.",
            ).format(z=z_shape, t=t.shape)
        )
    return np.ascontiguousarray(t, dtype)


def takes_class_numbers(loss: Loss) -> bool:
    """Whether this is a loss of ours, or derived from one, whose targets may be class numbers."""
    return isinstance(loss, LOSSES) and loss.takes_class_numbers


def require_optimizer(optimizer: Any) -> UpdateRule:
    """The optimizer, which must have a method ``update``.

    Raises:
        OptimizerError: it has none; the message names ours.
    """
    if not isinstance(optimizer, type) and callable(getattr(optimizer, "update", None)):
        return optimizer
    names = name_list(sorted(set(optimizers.__all__) - {"Optimizer", "Modified"}))
    raise OptimizerError(
        Text(
            zh="optimizer 必须是 handgrad.optimizers 里的一个对象（{names}），"
            "例如 SGD(learning_rate=0.1)，或者有 update(parameters, gradient) 方法的对象；收到的是 {got}。",
            en="optimizer must be an object of handgrad.optimizers ({names}), such as "
            "SGD(learning_rate=0.1), or one with a method update(parameters, gradient); got {got}.",
        ).format(names=names, got=repr(optimizer)[:80])
    )
