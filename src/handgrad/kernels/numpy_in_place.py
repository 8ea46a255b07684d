"""The kernels of a training step in NumPy, which write into arrays that exist already.

Large arrays are processed in blocks that stay in the processor's cache, so that a formula of several
NumPy calls still passes over memory once. The caller makes sure that all arguments are contiguous and
of one dtype.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from handgrad.arrays import Array, Bias, Labels
from handgrad.kernels.activations import ACTIVATIONS
from handgrad.kernels.scratch_arrays import BLOCK, UPDATE_BLOCK
from handgrad.kernels.update_rules import UPDATE_RULES

FusedLoss = Literal["softmax_cross_entropy", "mean_squared_error"]
"""The losses whose value and gradient are computed in one pass; each is a kernel of that name."""
FUSED_LOSSES: tuple[FusedLoss, ...] = get_args(FusedLoss)


def bias_activation(y: Array, b: Bias, activation: str) -> None:
    """``y ← act(y + b)`` in place, for y ``(B, M)`` and b ``(M,)``."""
    for rows in _row_blocks(y):
        part = y[rows]
        part += b
        ACTIVATIONS[activation].forward(part.reshape(-1))


def activation_gradient(d: Array, out: Array, activation: str, db: Bias) -> None:
    """``d ← d ∗ act'`` in place, act' known from the activation's `out`; ``db ← Σ_i d_i``."""
    backward = ACTIVATIONS[activation].backward
    for rows in _row_blocks(d) if activation != "none" else ():
        with np.errstate(under="ignore", invalid="ignore"):
            backward(d[rows].reshape(-1), out[rows].reshape(-1))
    np.add.reduce(d, axis=0, out=db)


def softmax_cross_entropy(z: Array, t: Labels, dz: Array) -> float:
    """The mean loss of scores z ``(B, C)``, and its gradient in dz.

    t is class numbers ``(B,)`` of int64, from 0 to C − 1, or rows ``(B, C)`` of z's dtype.
    """
    batch = len(z)
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), out=dz)
        if t.ndim == 1:
            at = dz.reshape(-1)
            places = np.arange(0, dz.size, dz.shape[1])
            places += t
            loss = -float(np.add.reduce(at[places], dtype=np.float64))
            np.exp(dz, out=dz)
            total = np.add.reduce(dz, axis=1, keepdims=True)
            loss += float(np.add.reduce(np.log(total), axis=None, dtype=np.float64))
            dz /= total * batch
            at[places] -= dz.dtype.type(1 / batch)
            return loss / batch
        weighted = np.multiply(t, dz, out=np.zeros_like(dz), where=t != 0)
        np.exp(dz, out=dz)
        total, weight = dz.sum(axis=1, keepdims=True), t.sum(axis=1, keepdims=True)
        loss = float(
            (weight * np.log(total)).sum(dtype=np.float64) - weighted.sum(dtype=np.float64)
        )
        dz *= weight / total
        dz -= t
        dz /= batch
        return loss / batch


def mean_squared_error(z: Array, t: Array, dz: Array) -> float:
    """``mean((z − t)²)``, and its gradient ``2 (z − t) / n`` in dz."""
    with np.errstate(over="ignore", invalid="ignore"):
        np.subtract(z, t, out=dz)
        flat = dz.reshape(-1)
        loss = float(np.dot(flat, flat)) / dz.size
        dz *= 2 / dz.size
    return loss


def update(
    rule: str, p: Array, g: Array, state: Sequence[Array], coefficients: Sequence[float]
) -> None:
    """One step of `rule` on flat parameters p with gradient g, in place.

    The formulas, and what `state` and each coefficient are, stand in `handgrad.optimizers`.
    """
    for start in range(0, p.size, UPDATE_BLOCK):
        block = slice(start, start + UPDATE_BLOCK)
        parts = [array[block] for array in state]
        UPDATE_RULES[rule](p[block], g[block], parts, coefficients)


def _row_blocks(array: Array) -> list[slice]:
    """Rows of `array` a block of about `BLOCK` numbers at a time."""
    height = max(1, BLOCK // max(1, array.shape[1]))
    count = math.ceil(len(array) / height)
    return [slice(i * height, (i + 1) * height) for i in range(count)]
