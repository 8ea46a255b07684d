"""Losses that are not finite: the error that explains one, from the data or from divergence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from handgrad.arrays import Array, Labels
from handgrad.errors import DataError, DivergenceError
from handgrad.languages import Text
from handgrad.network.parameters import Parameter


def is_finite(loss: float, dtype: np.dtype[Any]) -> bool:
    """Whether the loss is a finite number of this dtype."""
    return abs(loss) <= float(np.finfo(dtype).max)


def raise_for_loss(x: Array, t: Labels, loss: float, parameters: Sequence[Parameter]) -> None:
    """Raise the error that explains a loss that is not finite: data, parameters or divergence.

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
            "are those after the step before, and finite. Try a smaller learning_rate, or check "
            "the scale of the data.",
        ).format(loss=loss)
    )


LARGE_LOSS = 1e3
"""After a loss like this the next update may overflow: the parameters are copied before it."""


def overflow_error(loss: float) -> DivergenceError:
    """The error for an update that overflowed; the parameters are already restored."""
    return DivergenceError(
        Text(
            zh="训练发散了：损失是 {loss}，这一步的更新溢出。参数已恢复为上一步之后的有限值。"
            "请减小 learning_rate，或检查数据的尺度。",
            en="training diverges: at a loss of {loss} the update overflows. The parameters are restored "
            "to those after the step before, and finite. Try a smaller learning_rate, or check the "
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
