"""Gradient clipping."""

from __future__ import annotations

import math

import numpy as np

from handgrad.arrays import Array, real
from handgrad.errors import DivergenceError, OptimizerError
from handgrad.languages import Text
from handgrad.optimizers.gradient_modifier import Modified
from handgrad.optimizers.optimizer import Optimizer, require


class Clipped(Modified):
    r"""Another optimizer, which is given gradients of limited norm or entries.

    ::

        by value:  g_i ← min(max(g_i, −c), c)               for every entry
        by norm:   g   ← g · min(1, C / ‖g‖)                ‖g‖ = √(Σ_i g_i²) over all parameters

    The norm keeps the direction of g, the value does not. With both, values are clipped first. The
    network's `gradients` are left as they were computed.

    Args:
        optimizer: what takes the clipped gradient.
        max_norm: C > 0, or None for no limit.
        max_value: c > 0, or None for no limit.

    A compiled training step computes the gradients only; clipping and the update follow in passes of
    their own, as the norm needs every gradient.

    Raises:
        OptimizerError: no limit at all, or one that is not a positive number.
        DivergenceError: the gradient holds NaN or an infinity; nothing is updated.

    Source: R. Pascanu, T. Mikolov, Y. Bengio, *On the Difficulty of Training Recurrent Neural
    Networks*, ICML 2013, algorithm 1.

    >>> from handgrad.optimizers import SGD
    >>> theta = np.array([0.0, 0.0])
    >>> Clipped(SGD(learning_rate=1.0), max_norm=1.0).update(theta, np.array([30.0, 40.0]))
    >>> theta
    array([-0.6, -0.8])
    >>> Clipped(SGD(learning_rate=1.0), max_value=2.0).update(theta, np.array([30.0, 0.5]))
    >>> theta
    array([-2.6, -1.3])
    """

    def __init__(
        self,
        optimizer: Optimizer | Modified,
        max_norm: float | None = None,
        max_value: float | None = None,
    ) -> None:
        super().__init__(optimizer)
        if max_norm is None and max_value is None:
            raise OptimizerError(
                Text(
                    zh="Clipped 至少需要 max_norm 和 max_value 中的一个，例如 Clipped(optimizer, max_norm=1.0)。",
                    en="Clipped needs max_norm or max_value or both, such as "
                    "Clipped(optimizer, max_norm=1.0).",
                )
            )
        for name, limit in (("max_norm", max_norm), ("max_value", max_value)):
            if limit is not None:
                require(limit > 0, name, limit, "> 0")
        self.max_norm, self.max_value = max_norm, max_value

    def modified(self, parameters: Array, gradient: Array) -> Array:
        """The clipped gradient; an array of ours unless there was nothing to clip."""
        gradient = real("gradient", gradient)
        if self.max_value is not None:
            c = gradient.dtype.type(self.max_value)
            gradient = np.clip(gradient, -c, c, out=self.room(gradient))
        length = norm_of(gradient)
        if not math.isfinite(length):
            raise DivergenceError(
                Text(
                    zh="训练发散了：梯度含有 NaN 或无穷大。这一步没有更新参数。请减小 learning_rate，或检查数据的尺度。",
                    en="training diverges: the gradient holds NaN or an infinity. This step has updated "
                    "nothing. Try a smaller learning_rate, or check the scale of the data.",
                )
            )
        if self.max_norm is not None and length > self.max_norm:
            scale = gradient.dtype.type(self.max_norm / length)
            gradient = np.multiply(gradient, scale, out=self.room(gradient))
        return gradient


def norm_of(gradient: Array) -> float:
    """``√(Σ g²)``; where the squares overflow or vanish, those of ``g / max|g|`` are summed.

    >>> norm_of(np.array([3.0, 4.0])), norm_of(np.array([1e200]))
    (5.0, 1e+200)
    """
    flat = gradient.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        square = float(np.dot(flat, flat))
    if math.isfinite(square) and square > float(np.finfo(flat.dtype).tiny):
        return math.sqrt(square)
    largest = float(np.abs(flat).max(initial=0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    scaled = flat / flat.dtype.type(largest)
    return float(np.float64(largest) * math.sqrt(float(np.dot(scaled, scaled))))
