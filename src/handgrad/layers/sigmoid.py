"""The sigmoid activation."""

from __future__ import annotations

from handgrad import kernels
from handgrad.arrays import Array, real, require_forward, upstream
from handgrad.layers.activation import Activation


class Sigmoid(Activation):
    r"""``out = σ(x) = 1 / (1 + e^{-x})``, entry by entry.

    ::

        forward:   out = σ(x)                   any shape → the same shape
        backward:  dx  = dout ∗ out ∗ (1 − out)

    Derivation::

        σ'(x) = e^{-x} / (1 + e^{-x})²
              = 1/(1 + e^{-x}) · (1 − 1/(1 + e^{-x}))
              = out (1 − out)

    forward is accurate to a few units in the last place in both tails. backward has only `out` to
    work with, which rounds to 1 far out on the right: there its error is small beside 1, not beside
    the derivative. Neither overflows or warns. A NaN in x or in dout stays a NaN.

    Attributes:
        out: the array that the last forward returned, not a copy; None before. Writing into it
            before backward changes the gradient.

    float32 stays float32 and float64 stays float64; integers become float64, and dx has
    NumPy's promotion of dout and out. Every call returns an array of its own, which no later call
    overwrites; x and dout are not changed.

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

    name = "sigmoid"
    onnx_operator = "Sigmoid"
    weights = "glorot-uniform"

    def __init__(self) -> None:
        self.out: Array | None = None

    def forward(self, x: Array) -> Array:
        """Any shape → the same shape, entries in [0, 1]; stores `out`."""
        self.out = kernels.activation(real("x", x), self.name)
        return self.out

    def backward(self, dout: Array) -> Array:
        """``dout`` of forward's shape → ``dx`` of the same shape."""
        out = require_forward(self.out, "Sigmoid")
        return kernels.activation_backward(upstream(dout, out.shape), out, self.name)
