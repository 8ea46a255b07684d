"""Stochastic gradient descent."""

from __future__ import annotations

from handgrad.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    r"""``θ ← θ − η g``: a step against the gradient of one batch.

    Args:
        learning_rate: η > 0.

    It remembers nothing, so one SGD may serve several networks. Works in place on parameters and
    gradient ``(P,)`` of float32 or float64.

    Raises:
        OptimizerError: a learning rate that is not a positive number.

    Source: H. Robbins, S. Monro, *A Stochastic Approximation Method*, Annals of Mathematical
    Statistics 22, 1951.

    >>> import numpy as np
    >>> theta = np.array([1.0, 2.0])
    >>> SGD(learning_rate=0.5).update(theta, np.array([1.0, -1.0]))
    >>> theta
    array([0.5, 2.5])
    """

    rule = "sgd"
    arrays = 0

    def __init__(self, learning_rate: float = 0.01) -> None:
        super().__init__(learning_rate)

    def coefficients(self, step: int) -> tuple[float, ...]:
        """``(η,)``."""
        return (self.learning_rate,)
