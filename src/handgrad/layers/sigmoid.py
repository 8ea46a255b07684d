"""The sigmoid activation."""

from __future__ import annotations

from handgrad import kernels
from handgrad.arrays import SAME_AS_OUTPUT, Array, real, require_forward, require_shape


class Sigmoid:
    r"""``out = σ(x) = 1 / (1 + e^{-x})``, entry by entry.

    ::

        forward:   out = σ(x)                   any shape → the same shape
        backward:  dx  = dout ∗ out ∗ (1 − out)

    Derivation::

        σ'(x) = e^{-x} / (1 + e^{-x})²
              = 1/(1 + e^{-x}) · (1 − 1/(1 + e^{-x}))
              = out (1 − out)

    Accurate to a few units in the last place in both tails; never overflows and never warns.
    A NaN in x or dout stays a NaN.

    Attributes:
        out: what forward returned, kept for backward; None before. It is the same array, so
            whoever overwrites the returned array changes the gradient.

    The dtype that comes in goes out (float32 or float64). Every call returns an array of its own.

    Raises:
        ShapeError: dout does not have the shape of forward's output.
        DtypeError: numbers other than float32, float64 and integers.
        OrderError: backward before forward.

    Source: C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 4.3.2.

    >>> import numpy as np
    >>> layer = Sigmoid()
    >>> layer.forward(np.array([0.0, -1000.0]))
    array([0.5, 0. ])
    >>> layer.backward(np.array([2.0, 2.0]))
    array([0.5, 0. ])
    """

    def __init__(self) -> None:
        self.out: Array | None = None

    def forward(self, x: Array) -> Array:
        """Any shape → the same shape, entries in [0, 1]."""
        self.out = kernels.sigmoid(real("x", x))
        return self.out

    def backward(self, dout: Array) -> Array:
        """``dout`` of forward's shape → ``dx`` of the same shape."""
        require_forward(self.out, "Sigmoid")
        assert self.out is not None
        dout = real("dout", dout)
        require_shape("dout", dout, self.out.shape, SAME_AS_OUTPUT)
        return kernels.sigmoid_gradient(dout, self.out)
