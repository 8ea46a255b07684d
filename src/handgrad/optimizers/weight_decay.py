"""Weight decay through the gradient."""

from __future__ import annotations

import numpy as np

from handgrad.arrays import Array, real
from handgrad.optimizers.gradient_modifier import Modified
from handgrad.optimizers.optimizer import Optimizer, require


class Decayed(Modified):
    r"""Another optimizer, for the loss plus ``(λ/2) ‖θ‖²`` (L2 regularization).

    ::

        g ← g + λ θ

    All parameters decay, biases too. For SGD this is the same as multiplying θ by ``1 − η λ`` in
    every step; for Adam it is not, and `AdamW` does that.

    Args:
        optimizer: what takes the changed gradient.
        weight_decay: λ ≥ 0.

    The network's `gradients` are left as they were computed, and the loss that `train_step` returns
    is that without the penalty.

    Raises:
        OptimizerError: a λ that is negative or not finite.

    Source: I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016, section 7.1.1.

    >>> from handgrad.optimizers import SGD
    >>> theta = np.array([1.0, -2.0])
    >>> Decayed(SGD(learning_rate=0.5), weight_decay=0.1).update(theta, np.array([0.0, 1.0]))
    >>> theta
    array([ 0.95, -2.4 ])
    """

    def __init__(self, optimizer: Optimizer | Modified, weight_decay: float) -> None:
        super().__init__(optimizer)
        require(weight_decay >= 0, "weight_decay", weight_decay, "≥ 0")
        self.weight_decay = weight_decay

    def modified(self, parameters: Array, gradient: Array) -> Array:
        """``g + λ θ``, in an array of ours."""
        gradient = real("gradient", gradient)
        changed = np.multiply(parameters, self.weight_decay, out=self.room(parameters))
        changed += gradient
        return changed
