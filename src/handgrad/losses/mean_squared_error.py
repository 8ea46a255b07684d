"""The mean squared error: the loss of a regression."""

from __future__ import annotations

from typing import ClassVar

from handgrad import kernels
from handgrad.arrays import Array, real, require_forward
from handgrad.errors import ShapeError
from handgrad.kernels.numpy_in_place import FusedLoss
from handgrad.languages import Text


class MeanSquaredError:
    r"""``l = (1/n) Σ (z − t)²``, the mean over all n entries of z (batch and outputs alike).

    ::

        forward:   l  = mean((z − t)²)          z and t of the same shape → float
        backward:  dz = 2 (z − t) / n           → z's shape

    Without entries the loss is 0. A NaN in z or t gives a NaN loss.

    The dtype of dz is that of z, float32 or float64; integers become float64. backward returns an
    array of its own, which no later call overwrites; z and t are not changed.

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

    kernel: ClassVar[FusedLoss] = "mean_squared_error"
    takes_class_numbers: ClassVar[bool] = False

    def __init__(self) -> None:
        self._difference: Array | None = None

    def forward(self, z: Array, t: Array) -> float:
        """Outputs and targets of one shape → the mean loss, a Python float."""
        z, t = real("z", z), real("t", t)
        if z.shape != t.shape:
            raise ShapeError(
                Text(
                    zh="t 的形状必须与 z 相同，是 {z}；收到的是 {t}。这里不做广播：请先用 t.reshape 改成 z 的形状。",
                    en="t must have the shape of z, {z}; got {t}. "
                    "Nothing is broadcast: use t.reshape to give t the shape of z.",
                ).format(z=z.shape, t=t.shape)
            )
        self._difference = z - t.astype(z.dtype, copy=False)
        return kernels.mean_square(self._difference)

    def backward(self) -> Array:
        """``dz = ∂l/∂z``, in z's shape."""
        difference = require_forward(self._difference, "MeanSquaredError", "forward(z, t)")
        return kernels.mean_square_gradient(difference)
