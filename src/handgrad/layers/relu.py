"""The rectified linear unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handgrad import kernels
from handgrad.arrays import Array, real, require_forward, upstream
from handgrad.layers.activation import Activation


class Relu(Activation):
    r"""``y = max(0, x)``, entry by entry.

    ::

        mask = (x ≤ 0)
        forward:   y  = 0 where mask, else x         any shape → the same shape
        backward:  dx = 0 where mask, else dout

    At x = 0 the function has no derivative; every number from 0 to 1 is a subgradient there, and
    this layer takes 0, as the course and the common frameworks do.

    A NaN never becomes a zero, which would hide it. A NaN in x is not ≤ 0, so it stays a NaN in y and
    its dout passes; a NaN in dout stays a NaN in dx even where x ≤ 0.

    Attributes:
        mask: where x ≤ 0 in the last forward; None before.

    float32 stays float32 and float64 stays float64; integers become float64. Every call
    returns an array of its own, which no later call overwrites; x and dout are not changed.

    Raises:
        ShapeError: dout does not have the shape of forward's output.
        DtypeError: numbers other than float32, float64 and integers.
        OrderError: backward before forward.

    Source: V. Nair, G. E. Hinton, *Rectified Linear Units Improve Restricted Boltzmann Machines*,
    ICML 2010.

    >>> import numpy as np
    >>> layer = Relu()
    >>> layer.forward(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    >>> layer.backward(np.array([5.0, 5.0, 5.0]))
    array([0., 0., 5.])
    """

    name = "relu"
    onnx_operator = "Relu"
    weights = "he-normal"

    def __init__(self) -> None:
        self.mask: NDArray[np.bool_] | None = None

    def forward(self, x: Array) -> Array:
        """Any shape → the same shape; stores `mask`."""
        out, self.mask = kernels.rectify_and_gate(real("x", x))
        return out

    def backward(self, dout: Array) -> Array:
        """``dout`` of forward's shape → ``dx`` of the same shape."""
        mask = require_forward(self.mask, "Relu")
        return kernels.gated(upstream(dout, mask.shape), mask)
