"""The mean squared error: the loss of a regression."""

from __future__ import annotations

from handgrad.arrays import Array, Labels, real, require_forward, require_shape
from handgrad.languages import Text


class MeanSquaredError:
    r"""``l = (1/n) Σ (z − t)²``, the mean over all n entries of z (batch and outputs alike).

    ::

        forward:   l  = mean((z − t)²)          z and t of the same shape → float
        backward:  dz = 2 (z − t) / n           → z's shape

    An array without entries has loss 0. NaN in z or t gives a NaN loss.

    Raises:
        ShapeError: z and t differ in shape; nothing is broadcast.
        DtypeError: numbers other than float32, float64 and integers.
        OrderError: backward before forward.

    Source: I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016, section 5.1.4.

    >>> import numpy as np
    >>> loss = MeanSquaredError()
    >>> loss.forward(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]))
    2.5
    >>> loss.backward()
    array([[1., 2.]])
    """

    def __init__(self) -> None:
        self._difference: Array | None = None

    def forward(self, z: Array, t: Labels) -> float:
        """Outputs and targets of one shape → the mean loss, a Python float."""
        z, t = real("z", z), real("t", t)
        require_shape("t", t, z.shape, Text(zh="与 z 相同", en="the shape of z"))
        self._difference = z - t.astype(z.dtype, copy=False)
        return float((self._difference**2).mean()) if z.size else 0.0

    def backward(self) -> Array:
        """``dz = ∂l/∂z``, in z's shape."""
        require_forward(self._difference, "MeanSquaredError", "forward(z, t)")
        assert self._difference is not None
        return self._difference * (2 / max(1, self._difference.size))
