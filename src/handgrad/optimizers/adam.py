"""Adam."""

from __future__ import annotations

import math

from handgrad.optimizers.optimizer import Optimizer, require, require_share


class Adam(Optimizer):
    r"""Moving averages of the gradient and of its square, each corrected for its start at zero.

    ::

        m ← β1 m + (1 − β1) g              m = 0 at first
        v ← β2 v + (1 − β2) g ∗ g          v = 0 at first
        θ ← θ − η m̂ / (√v̂ + ε)             m̂ = m / (1 − β1ᵏ),  v̂ = v / (1 − β2ᵏ) at step k

    The two corrections are numbers, not arrays, so the kernel takes ``η / (1 − β1ᵏ)`` and
    ``1 / √(1 − β2ᵏ)``.

    Args:
        learning_rate: η > 0.
        beta1, beta2: 0 ≤ β < 1.
        epsilon: ε > 0.

    Works in place on parameters and gradient ``(P,)`` of float32 or float64; m and v have their
    dtype.

    Raises:
        OptimizerError: a setting outside its range, or another network's parameters.

    Source: D. P. Kingma, J. Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015.

    >>> import numpy as np
    >>> theta = np.array([0.0, 0.0])
    >>> Adam(learning_rate=0.1).update(theta, np.array([5.0, -0.01]))
    >>> theta.round(6)
    array([-0.1,  0.1])
    """

    rule = "adam"
    arrays = 2

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(learning_rate)
        require_share("beta1", beta1)
        require_share("beta2", beta2)
        require(epsilon > 0, "epsilon", epsilon, "> 0")
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def coefficients(self, step: int) -> tuple[float, ...]:
        """``(η / (1 − β1ᵏ), β1, β2, ε, 1 / √(1 − β2ᵏ), 1)``; the last is what θ is scaled by."""
        return (
            self.learning_rate / (1 - self.beta1**step),
            self.beta1,
            self.beta2,
            self.epsilon,
            1 / math.sqrt(1 - self.beta2**step),
            1.0,
        )
