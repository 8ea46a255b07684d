"""Gradient descent with momentum."""

from __future__ import annotations

from handgrad.optimizers.optimizer import Optimizer, require_share


class Momentum(Optimizer):
    r"""A step along the decaying sum of all gradients so far.

    ::

        v ← μ v + g            v = 0 at first
        θ ← θ − η v

    The form ``v ← μ v − η g; θ ← θ + v`` of many books takes the same steps for a constant η; its v is
    scaled by −η.

    Args:
        learning_rate: η > 0.
        momentum: 0 ≤ μ < 1.

    Works in place on parameters and gradient ``(P,)`` of float32 or float64; v has their dtype.

    Raises:
        OptimizerError: a setting outside its range, or another network's parameters.

    Source: B. T. Polyak, *Some Methods of Speeding up the Convergence of Iteration Methods*, USSR
    Computational Mathematics and Mathematical Physics 4, 1964.

    >>> import numpy as np
    >>> theta, optimizer = np.array([0.0]), Momentum(learning_rate=1.0, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(theta, np.array([2.0]))
    >>> theta
    array([-5.])
    """

    rule = "momentum"
    arrays = 1

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.9) -> None:
        super().__init__(learning_rate)
        require_share("momentum", momentum)
        self.momentum = momentum

    def coefficients(self, step: int) -> tuple[float, ...]:
        """``(η, μ)``."""
        return (self.learning_rate, self.momentum)
