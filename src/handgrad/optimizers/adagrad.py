"""AdaGrad."""

from __future__ import annotations

from handgrad.optimizers.optimizer import Optimizer, require


class AdaGrad(Optimizer):
    r"""A learning rate for each parameter, which falls as its squared gradients add up.

    ::

        s ← s + g ∗ g          s = 0 at first
        θ ← θ − η g / (√s + ε)

    Args:
        learning_rate: η > 0.
        epsilon: ε > 0, which prevents a division by 0.

    Works in place on parameters and gradient ``(P,)`` of float32 or float64; s has their dtype.

    Raises:
        OptimizerError: a setting outside its range, or another network's parameters.

    Source: J. Duchi, E. Hazan, Y. Singer, *Adaptive Subgradient Methods for Online Learning and
    Stochastic Optimization*, JMLR 12, 2011.

    >>> import numpy as np
    >>> theta, optimizer = np.array([0.0]), AdaGrad(learning_rate=1.0)
    >>> for g in (3.0, 4.0):
    ...     optimizer.update(theta, np.array([g]))
    >>> theta.round(6)
    array([-1.8])
    """

    rule = "adagrad"
    arrays = 1

    def __init__(self, learning_rate: float = 0.01, epsilon: float = 1e-10) -> None:
        super().__init__(learning_rate)
        require(epsilon > 0, "epsilon", epsilon, "> 0")
        self.epsilon = epsilon

    def coefficients(self, step: int) -> tuple[float, ...]:
        """``(η, ε)``."""
        return (self.learning_rate, self.epsilon)
