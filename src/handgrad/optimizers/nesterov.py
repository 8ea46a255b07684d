"""Gradient descent with Nesterov's momentum."""

from __future__ import annotations

from handgrad.optimizers.momentum import Momentum


class Nesterov(Momentum):
    r"""Momentum with the gradient of a point one step ahead.

    ::

        v ← μ v + g            v = 0 at first
        θ ← θ − η (g + μ v)

    Nesterov takes the gradient at the point that momentum alone would reach. Written for that
    point as θ, the update is the one above, and the gradient is that of θ itself.

    Args:
        learning_rate: η > 0.
        momentum: 0 ≤ μ < 1.

    Works in place on parameters and gradient ``(P,)`` of float32 or float64; v has their dtype.

    Raises:
        OptimizerError: a setting outside its range, or another network's parameters.

    Source: I. Sutskever, J. Martens, G. Dahl, G. Hinton, *On the Importance of Initialization and
    Momentum in Deep Learning*, ICML 2013.

    >>> import numpy as np
    >>> theta = np.array([0.0])
    >>> Nesterov(learning_rate=1.0, momentum=0.5).update(theta, np.array([2.0]))
    >>> theta
    array([-3.])
    """

    rule = "nesterov"
