"""The rectified linear unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handgrad import kernels
from handgrad.arrays import SAME_AS_OUTPUT, Array, real, require_forward, require_shape


class Relu:
    r"""``y = max(0, x)``, entry by entry.

    ::

        mask = (x ≤ 0)
        forward:   y  = 0 where mask, else x         any shape → the same shape
        backward:  dx = 0 where mask, else dout

    At x = 0 the function has no derivative; every number from 0 to 1 is a subgradient there, and
    this layer takes 0, as the course and the common frameworks do.

    A NaN in x is not ≤ 0: it passes through forward, and its gradient passes through backward,
    so that it is seen and not silently turned into a zero.

    Attributes:
        mask: where x ≤ 0, kept by forward; None before.

    The dtype that comes in goes out (float32 or float64). Every call returns an array of its own.

    Raises:
        ShapeError: dout does not have the shape of forward's output.
        DtypeError: numbers other than float32, float64 and integers.
        OrderError: backward before forward.

    Source: V. Nair, G. E. Hinton, *Rectified Linear Units Improve Restricted Boltzmann Machines*,
    ICML 2010.

    >>> layer = Relu()
    >>> layer.forward(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    >>> layer.backward(np.array([5.0, 5.0, 5.0]))
    array([0., 0., 5.])
    """

    def __init__(self) -> None:
        self.mask: NDArray[np.bool_] | None = None

    def forward(self, x: Array) -> Array:
        """Any shape → the same shape."""
        x = real("x", x)
        self.mask = kernels.gate(x)
        return kernels.gated(x, self.mask)

    def backward(self, dout: Array) -> Array:
        """``dout`` of forward's shape → ``dx`` of the same shape."""
        require_forward(self.mask, "Relu")
        assert self.mask is not None
        dout = real("dout", dout)
        require_shape("dout", dout, self.mask.shape, SAME_AS_OUTPUT)
        return kernels.gated(dout, self.mask)
