"""The fully connected (affine, linear, dense) layer."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from handgrad import kernels
from handgrad.arrays import Array, Batch, Bias, Weights, real, require_forward, upstream
from handgrad.errors import ShapeError
from handgrad.languages import Text
from handgrad.layers.initialization import Initializer, he_normal


class FullyConnected:
    r"""``y = x W + b``.

    For a batch of B samples, flattened to rows of D_in numbers::

        forward:   y  = x W + b          (B, D_in) (D_in, D_out) + (D_out,) → (B, D_out)
        backward:  dW = xᵀ dout          (D_in, B) (B, D_out)               → (D_in, D_out)
                   db = Σ_i dout_i       summed over the batch              → (D_out,)
                   dx = dout Wᵀ          (B, D_out) (D_out, D_in)           → (B, D_in), then x's shape

    Derivation, with l the loss and dout = ∂l/∂y::

        y_im = Σ_n x_in W_nm + b_m
        ∂l/∂W_nm = Σ_i ∂l/∂y_im · x_in        ∂l/∂b_m = Σ_i ∂l/∂y_im
        ∂l/∂x_in = Σ_m ∂l/∂y_im · W_nm

    The gradients are sums over the batch, not means: a mean belongs to the loss.

    Args:
        W: weights ``(D_in, D_out)``, float32 or float64.
        b: bias ``(D_out,)``.

    Attributes:
        W, b: the parameters: the arrays given themselves, not copies.
        x: the input of the last forward, flattened to ``(B, D_in)``; None before. It shares memory
            with that input where the layout allows.
        original_x_shape: the shape of that input; None before.
        dW, db: the gradients of the last backward, each in its parameter's shape; None before.

    float32 stays float32 when x, W, b and dout all are; where they differ, NumPy's promotion
    decides, and integers count as float64. Every call returns arrays of its own, which no later
    call overwrites; dW and db are new arrays at every backward, too. x and dout are not changed.
    A NaN spreads to every number computed from it.

    Raises:
        ShapeError: W and b do not fit each other, or x or dout does not fit them.
        DtypeError: numbers other than float32, float64 and integers.
        OrderError: backward before forward.

    Source: I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016, section 6.5.

    >>> import numpy as np
    >>> layer = FullyConnected(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5]))
    >>> layer.forward(np.array([[1.0, 1.0]]))
    array([[4.5, 5.5]])
    >>> layer.backward(np.array([[1.0, 10.0]]))
    array([[21., 43.]])
    >>> layer.dW
    array([[ 1., 10.],
           [ 1., 10.]])
    >>> layer.db
    array([ 1., 10.])
    """

    parameter_names: ClassVar[tuple[str, ...]] = ("W", "b")

    def __init__(self, W: Weights, b: Bias) -> None:
        self.W = real("W", W)
        self.b = real("b", b)
        if self.W.ndim != 2 or self.b.shape != self.W.shape[1:]:
            raise ShapeError(
                Text(
                    zh="W 的形状必须是 (D_in, D_out)，b 的形状必须是 (D_out,)，也就是 W 的每一列对应 b 的"
                    "一个数；收到的是 W {W} 和 b {b}。",
                    en="W must have shape (D_in, D_out) and b shape (D_out,), one number for each "
                    "column of W; got W {W} and b {b}.",
                ).format(W=self.W.shape, b=self.b.shape)
            )
        self.x: Array | None = None
        self.original_x_shape: tuple[int, ...] | None = None
        self.dW: Weights | None = None
        self.db: Bias | None = None

    @classmethod
    def create(
        cls,
        d_in: int,
        d_out: int,
        rng: np.random.Generator,
        *,
        dtype: DTypeLike = np.float64,
        weights: Initializer = he_normal,
    ) -> FullyConnected:
        """A layer ready for training: W drawn from `rng` by `weights`, ``b = 0``.

        `he_normal`, ``W ~ N(0, 2 / d_in)``, keeps the size of the activations constant through
        layers with ReLU; with sigmoids, ``weights=glorot_normal`` does. These and
        others are in `handgrad.layers.initialization`.

        >>> from handgrad.arrays import seeded
        >>> layer = FullyConnected.create(3, 2, seeded(1), dtype="float32")
        >>> layer.W.shape, layer.W.dtype, layer.b
        ((3, 2), dtype('float32'), array([0., 0.], dtype=float32))
        """
        return cls(weights(d_in, d_out, rng).astype(dtype), np.zeros(d_out, dtype))

    def forward(self, x: Batch) -> Array:
        """``(B, d1, …, dk)`` with ``d1 · … · dk = D_in`` → ``(B, D_out)``; stores `x`."""
        x = real("x", x)
        d_in = self.W.shape[0]
        if x.ndim < 1 or math.prod(x.shape[1:]) != d_in:
            raise ShapeError(
                Text(
                    zh="x 的每个样本必须有 {d_in} 个数，才能与形状为 {W} 的 W 相乘；收到的 x 形状是 {x}。"
                    "x 的第一个轴是批：只有一个样本时，请传入 x[np.newaxis]。",
                    en="each sample of x must hold {d_in} numbers, to fit W of shape {W}; "
                    "got x of shape {x}. The first axis of x is the batch: "
                    "pass a single sample as x[np.newaxis].",
                ).format(d_in=d_in, W=self.W.shape, x=x.shape)
            )
        self.original_x_shape = x.shape
        self.x = x.reshape(len(x), d_in)
        return kernels.affine(self.x, self.W, self.b)

    def backward(self, dout: Array) -> Batch:
        """``dout (B, D_out)`` → ``dx`` in x's original shape; sets `dW` and `db`."""
        x = require_forward(self.x, "FullyConnected")
        shape = require_forward(self.original_x_shape, "FullyConnected")
        dout = upstream(dout, (len(x), self.W.shape[1]))
        self.dW = kernels.affine_weight_gradient(x, dout)
        self.db = kernels.affine_bias_gradient(dout)
        return kernels.affine_input_gradient(dout, self.W).reshape(shape)
