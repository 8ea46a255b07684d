"""AdamW: Adam with decoupled weight decay."""

from __future__ import annotations

from handgrad.optimizers.adam import Adam
from handgrad.optimizers.optimizer import require


class AdamW(Adam):
    r"""Adam, with weight decay applied to the parameters directly and not through the gradient.

    ::

        θ ← (1 − η λ) θ − η m̂ / (√v̂ + ε)         m̂ and v̂ as in Adam

    As part of the gradient, the decay would be divided by √v̂, and parameters with large gradients
    would decay less.

    Args:
        learning_rate: η > 0.
        beta1, beta2: 0 ≤ β < 1.
        epsilon: ε > 0.
        weight_decay: λ ≥ 0. All parameters decay, biases too.

    Works in place on parameters and gradient ``(P,)`` of float32 or float64; m and v have their
    dtype.

    Raises:
        OptimizerError: a setting outside its range, or another network's parameters.

    Source: I. Loshchilov, F. Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019.

    >>> import numpy as np
    >>> theta = np.array([1.0])
    >>> AdamW(learning_rate=0.1, weight_decay=0.5).update(theta, np.array([5.0]))
    >>> theta.round(6)
    array([0.85])
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon)
        require(weight_decay >= 0, "weight_decay", weight_decay, "≥ 0")
        self.weight_decay = weight_decay

    def coefficients(self, step: int) -> tuple[float, ...]:
        """Adam's, with ``1 − η λ`` for the last."""
        return (*super().coefficients(step)[:-1], 1 - self.learning_rate * self.weight_decay)
