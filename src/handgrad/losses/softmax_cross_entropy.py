"""Softmax and cross-entropy in one: the loss of a classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad import kernels
from handgrad.arrays import Array, Labels, real, require_forward
from handgrad.errors import LabelError, ShapeError
from handgrad.languages import Text


class SoftmaxCrossEntropy:
    r"""``l = −(1/B) Σ_i Σ_c t_ic log p_ic`` with ``p = softmax(z)``; the mean over the batch.

    ::

        forward:   p_ic = e^{z_ic} / Σ_k e^{z_ik}          z (B, C), t (B,) or (B, C) → float
        backward:  dz = (p ∗ Σ_c t_ic − t) / B             → (B, C)

    Derivation, for one sample::

        l = −Σ_c t_c (z_c − log Σ_k e^{z_k}) = −Σ_c t_c z_c + (Σ_c t_c) log Σ_k e^{z_k}
        ∂l/∂z_j = −t_j + (Σ_c t_c) p_j        (= p_j − t_j when t sums to one)

    The logarithm is taken of a sum whose largest term is 1 (the log-sum-exp trick), so scores of
    any finite size neither overflow nor warn.

    Labels t are integers ``(B,)`` from 0 to C − 1, or rows ``(B, C)`` of target weights (one-hot,
    or a distribution). Integers of shape ``(B, C)`` are rows. An empty batch has loss 0.

    Attributes:
        p: the probabilities ``(B, C)`` that forward computed; None before.

    The dtype of dz is that of z. NaN in z gives a NaN loss.

    Raises:
        ShapeError: z is not ``(B, C)``, or t fits it in neither form.
        LabelError: a label outside 0 … C − 1 or not an integer; the message names the row.
        DtypeError: scores other than float32, float64 and integers.
        OrderError: backward before forward.

    Source: C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 4.3.4.

    >>> loss = SoftmaxCrossEntropy()
    >>> round(loss.forward(np.array([[0.0, 0.0]]), np.array([1])), 6)
    0.693147
    >>> loss.backward()
    array([[ 0.5, -0.5]])
    """

    def __init__(self) -> None:
        self.p: Array | None = None
        self._targets: NDArray[Any] | None = None

    def forward(self, z: Array, t: Labels) -> float:
        """Scores ``(B, C)`` and labels → the mean loss, a Python float."""
        z = real("z", z)
        if z.ndim != 2 or z.shape[1] == 0:
            raise ShapeError(
                Text(
                    zh="z 的形状必须是 (B, C)，C 至少为 1；收到的是 {z}。",
                    en="z must have shape (B, C) with C at least 1; got {z}.",
                ).format(z=z.shape)
            )
        self._targets = _as_rows(np.asarray(t), z)
        log_probabilities = kernels.log_softmax(z)
        self.p = np.exp(log_probabilities)
        return kernels.cross_entropy(log_probabilities, self._targets)

    def backward(self) -> Array:
        """``dz = ∂l/∂z``, ``(B, C)``."""
        require_forward(self.p, "SoftmaxCrossEntropy", "forward(z, t)")
        assert self.p is not None and self._targets is not None
        total = self._targets.sum(axis=1, keepdims=True)
        return (self.p * total - self._targets) / max(1, len(self.p))


def _as_rows(t: NDArray[Any], z: Array) -> Array:
    """Labels in either form as rows of target weights ``(B, C)`` in z's dtype."""
    batch, classes = z.shape
    if t.shape == z.shape and t.ndim == 2:
        return real("t", t).astype(z.dtype)
    if t.shape != (batch,):
        raise ShapeError(
            Text(
                zh="t 的形状必须是 {labels}（类别编号）或 {rows}（每个样本一行），收到的是 {t}。",
                en="t must have shape {labels} (class numbers) or {rows} (a row a sample); got {t}.",
            ).format(labels=(batch,), rows=z.shape, t=t.shape)
        )
    bad = _not_labels(t, classes)
    if bad.any():
        row = int(bad.argmax())
        raise LabelError(
            Text(
                zh="标签必须是 0 到 {last} 的整数；第 {row} 行的标签是 {label}。",
                en="labels must be integers from 0 to {last}; the label in row {row} is {label}.",
            ).format(last=classes - 1, row=row, label=t[row])
        )
    rows = np.zeros_like(z, order="C")
    rows[np.arange(batch), t.astype(np.intp)] = 1
    return rows


def _not_labels(t: NDArray[Any], classes: int) -> NDArray[np.bool_]:
    """Which rows hold no class number."""
    if t.dtype.kind not in "iuf":
        return np.ones(t.shape, np.bool_)
    with np.errstate(invalid="ignore"):  # NaN is no label, and needs no warning to say so
        is_label = (t >= 0) & (t < classes) & (np.floor(t) == t)
    return ~is_label
