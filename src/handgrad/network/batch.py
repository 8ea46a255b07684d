"""What a training step is given, checked and laid out; and what is said when its loss is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad import optimizers
from handgrad.arrays import Array, Labels, real
from handgrad.errors import DataError, DivergenceError, OptimizerError, ShapeError
from handgrad.languages import Text
from handgrad.losses import LOSSES
from handgrad.losses.softmax_cross_entropy import require_class_numbers, require_label_shape
from handgrad.network.parameters import Parameter
from handgrad.network.protocols import Loss, UpdateRule


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
    names = ", ".join(sorted(set(optimizers.__all__) - {"Optimizer", "Modified"}))
    raise OptimizerError(
        Text(
            zh="optimizer 必须是 handgrad.optimizers 里的一个对象（{names}），"
            "例如 SGD(learning_rate=0.1)，或者有 update(parameters, gradient) 方法的对象；收到的是 {got}。",
            en="optimizer must be an object of handgrad.optimizers ({names}), such as "
            "SGD(learning_rate=0.1), or one with a method update(parameters, gradient); got {got}.",
        ).format(names=names, got=repr(optimizer)[:80])
    )


def is_finite(loss: float, dtype: np.dtype[Any]) -> bool:
    """Whether the loss is a number of this dtype: neither NaN nor beyond its largest."""
    return abs(loss) <= float(np.finfo(dtype).max)


def tell_lost(x: Array, t: Labels, loss: float, parameters: Sequence[Parameter]) -> None:
    """Raise what explains a loss that is not finite: the data, the parameters, or divergence.

    Raises:
        DataError: a row of x or t holds NaN or an infinity.
        DivergenceError: none does.
    """
    _require_finite_rows("x", x)
    if np.asarray(t).dtype.kind == "f":
        _require_finite_rows("t", np.asarray(t))
    for parameter in parameters:
        if not np.isfinite(parameter.view).all():
            raise DivergenceError(
                Text(
                    zh="损失是 {loss}：layers[{index}].{name} 在这一步之前就含有 NaN 或无穷大。"
                    "请从更早的参数重新开始，并减小 learning_rate。",
                    en="the loss is {loss}: layers[{index}].{name} held NaN or an infinity before this "
                    "step. Start again from earlier parameters, with a smaller learning_rate.",
                ).format(loss=loss, index=parameter.index, name=parameter.name)
            )
    raise DivergenceError(
        Text(
            zh="训练发散了：损失是 {loss}。这一步没有更新参数，它们仍是上一步之后的有限值。"
            "请减小 learning_rate，或检查数据的尺度。",
            en="training diverges: the loss is {loss}. This step has updated nothing; the parameters "
            "are those after the step before, and finite. Try a smaller learning_rate, or look at "
            "the scale of the data.",
        ).format(loss=loss)
    )


LARGE_LOSS = 1e3
"""After a loss like this the next update may overflow: the parameters are copied before it."""


def overflowed(loss: float) -> DivergenceError:
    """What an update is that made parameters infinite; they have been put back."""
    return DivergenceError(
        Text(
            zh="训练发散了：损失是 {loss}，这一步的更新溢出。参数已恢复为上一步之后的有限值。"
            "请减小 learning_rate，或检查数据的尺度。",
            en="training diverges: at a loss of {loss} the update overflows. The parameters are again "
            "those after the step before, and finite. Try a smaller learning_rate, or look at the "
            "scale of the data.",
        ).format(loss=loss)
    )


def _require_finite_rows(name: str, array: Array) -> None:
    good = np.isfinite(array).reshape(len(array), -1).all(axis=1)
    if not good.all():
        bad = np.flatnonzero(~good)
        raise DataError(
            Text(
                zh="{name} 必须全是有限数；第 {row} 行（从 0 数起）含有 NaN 或无穷大"
                "（这一批共有 {count} 行）。这一步没有更新参数。请先去掉或填补这些行。",
                en="{name} must hold finite numbers only; row {row} (counted from 0) holds NaN or an "
                "infinity ({count} such rows in this batch). This step has updated nothing. "
                "Drop or fill such rows first.",
            ).format(name=name, row=int(bad[0]), count=len(bad))
        )
