"""RMSprop."""

from __future__ import annotations

from handgrad.optimizers.optimizer import Optimizer, require, require_share


class RMSprop(Optimizer):
    r"""The gradient divided by the moving root mean square of recent gradients.

    ::

        s ← ρ s + (1 − ρ) g ∗ g        s = 0 at first
        θ ← θ − η g / (√s + ε)

    Args:
        learning_rate: η > 0.
        decay: 0 ≤ ρ < 1.
        epsilon: ε > 0.

    Works in place on parameters and gradient ``(P,)`` of float32 or float64; s has their dtype.

    Raises:
        OptimizerError: a setting outside its range, or another network's parameters.

    Source: T. Tieleman, G. Hinton, *Neural Networks for Machine Learning*, lecture 6.5, Coursera
    2012.

    >>> import numpy as np
    >>> theta = np.array([0.0])
    >>> RMSprop(learning_rate=1.0, decay=0.75).update(theta, np.array([3.0]))
    >>> theta.round(6)
    array([-2.])
    """

    rule = "rmsprop"
    arrays = 1

    def __init__(
        self, learning_rate: float = 0.001, decay: float = 0.99, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        require_share("decay", decay)
        require(epsilon > 0, "epsilon", epsilon, "> 0")
        self.decay, self.epsilon = decay, epsilon

    def coefficients(self, step: int) -> tuple[float, ...]:
        """``(η, ρ, ε)``."""
        return (self.learning_rate, self.decay, self.epsilon)
