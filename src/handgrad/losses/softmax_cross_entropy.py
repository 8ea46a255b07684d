"""Softmax and cross-entropy in one: the loss of a classifier."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from handgrad import kernels
from handgrad.arrays import Array, Labels, real, require_forward
from handgrad.errors import DtypeError, LabelError, ShapeError
from handgrad.kernels.numpy_in_place import FusedLoss
from handgrad.languages import Text


class SoftmaxCrossEntropy:
    r"""``l = −(1/B) Σ_i Σ_c t_ic log p_ic`` with ``p = softmax(z)``; the mean over the batch.

    ::

        forward:   p_ic = e^{z_ic} / Σ_k e^{z_ik}          z (B, C), t (B,) or (B, C) → float
        backward:  dz = (p ∗ Σ_c t_ic − t) / B             → (B, C)

    Derivation, for one sample::

        l = −Σ_c t_c (z_c − log Σ_k e^{z_k}) = −Σ_c t_c z_c + (Σ_c t_c) log Σ_k e^{z_k}
        ∂l/∂z_j = −t_j + (Σ_c t_c) p_j        (= p_j − t_j when t sums to one)

    The largest score is subtracted first (the log-sum-exp trick), so finite scores of any size give
    probabilities and gradients without overflow or warning.

    The labels t are integers ``(B,)`` from 0 to C − 1, or rows ``(B, C)`` of target weights
    (one-hot, or a distribution), which are converted to z's dtype. An empty batch has loss 0. A NaN
    in z, or in rows of t, gives a NaN loss.

    Attributes:
        p: the probabilities ``(B, C)`` that forward computed; None before.

    The dtype of p and dz is that of z, float32 or float64; integers become float64. backward
    returns an array of its own, which no later call overwrites; z and t are not changed.

    Raises:
        ShapeError: z is not ``(B, C)``, or t fits it in neither form.
        LabelError: a label outside 0 … C − 1 or not an integer; the message names the row.
        DtypeError: scores or target weights other than float32, float64 and integers; labels
            that are no numbers.
        OrderError: backward before forward.

    Source: C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 4.3.4.

    >>> import numpy as np
    >>> loss = SoftmaxCrossEntropy()
    >>> round(loss.forward(np.array([[0.0, 0.0]]), np.array([1])), 6)
    0.693147
    >>> loss.backward()
    array([[ 0.5, -0.5]])
    """

    kernel: ClassVar[FusedLoss] = "softmax_cross_entropy"
    takes_class_numbers: ClassVar[bool] = True

    def __init__(self) -> None:
        self.p: Array | None = None
        self._targets: Array | None = None

    def forward(self, z: Array, t: Labels) -> float:
        """Scores ``(B, C)`` and labels → the mean loss, a Python float; stores `p`."""
        z = real("z", z)
        if z.ndim != 2 or z.shape[1] == 0:
            raise ShapeError(
                Text(
                    zh="z 的形状必须是 (B, C)，C 至少为 1；收到的是 {z}。只有一个样本时，请传入 z[np.newaxis]。",
                    en="z must have shape (B, C) with C at least 1; got {z}. "
                    "Pass the scores of a single sample as z[np.newaxis].",
                ).format(z=z.shape)
            )
        self._targets = _as_rows(np.asarray(t), z)
        self.p, log_p = kernels.softmax(z)
        return kernels.cross_entropy(log_p, self._targets)

    def backward(self) -> Array:
        """``dz = ∂l/∂z``, ``(B, C)``."""
        p = require_forward(self.p, "SoftmaxCrossEntropy", "forward(z, t)")
        targets = require_forward(self._targets, "SoftmaxCrossEntropy", "forward(z, t)")
        return kernels.cross_entropy_gradient(p, targets)


def _as_rows(t: NDArray[Any], z: Array) -> Array:
    """Labels in either form as rows of target weights ``(B, C)`` in z's dtype, never t itself."""
    if t.shape == z.shape:
        return real("t", t).astype(z.dtype)
    batch, classes = z.shape
    require_label_shape(t, z.shape)
    require_class_numbers(t, classes)
    rows = np.zeros((batch, classes), z.dtype)
    rows[np.arange(batch), t.astype(np.intp)] = 1
    return rows


def require_label_shape(t: NDArray[Any], z_shape: tuple[int, ...]) -> None:
    """Raise a `ShapeError` unless t holds one class number for each row of z."""
    if t.shape != z_shape[:1]:
        raise ShapeError(
            Text(
                zh="t 的形状必须是 {labels}（类别编号）或 {rows}（每个样本一行），收到的是 {t}。"
                "一列类别编号请传入 t.ravel()。",
                en="t must have shape {labels} (class numbers) or {rows} (a row for each sample); "
                "got {t}. Pass a column of class numbers as t.ravel().",
            ).format(labels=z_shape[:1], rows=z_shape, t=t.shape)
        )


def require_class_numbers(t: NDArray[Any], classes: int) -> None:
    """Raise a `LabelError` that names the first row without a class number."""
    if t.dtype.kind not in "biuf":
        raise DtypeError(
            Text(
                zh="标签必须是整数，收到的是 {dtype} 的数组。请先转换：np.asarray(t, dtype=int)；"
                "如果标签是文字，可以用 np.unique(t, return_inverse=True)[1]。",
                en="labels must be integers; got an array of {dtype}. "
                "Convert it first: np.asarray(t, dtype=int), "
                "or np.unique(t, return_inverse=True)[1] where the labels are words.",
            ).format(dtype=t.dtype)
        )
    with np.errstate(invalid="ignore"):  # an infinity is refused below, without a warning
        bad = ~((t >= 0) & (t < classes) & (t % 1 == 0))
    if bad.any():
        row = int(bad.argmax())
        raise LabelError(
            Text(
                zh="标签必须是 0 到 {last} 的整数（z 有 {classes} 列）；第 {row} 行（从 0 数起）的标签是 {label}。"
                "如果你的标签从 1 开始，请先减去 1。",
                en="labels must be integers from 0 to {last}, as z has {classes} columns; "
                "the label in row {row} (counted from 0) is {label}. "
                "If your labels start at 1, subtract 1.",
            ).format(last=classes - 1, classes=classes, row=row, label=t[row])
        )
