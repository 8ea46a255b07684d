"""The kernels of a training step in NumPy: they write into arrays that exist already.

Large arrays are gone through in blocks that stay in the processor's cache, so that a formula of
several NumPy calls still passes over memory once. Arguments are contiguous and of one dtype, which the caller sees to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from handgrad.arrays import Array, Bias, Labels
from handgrad.kernels.blocks import BLOCK, UPDATE_BLOCK, scratch, sigmoid_block, zeros
from handgrad.kernels.names import Activation, Rule


def bias_activation(y: Array, b: Bias, activation: Activation) -> None:
    """``y ← act(y + b)`` in place, for y ``(B, M)`` and b ``(M,)``."""
    for rows in _row_blocks(y):
        part = y[rows]
        part += b
        if activation == "relu":
            flat = part.reshape(-1)
            np.maximum(flat, zeros(flat.dtype, flat.size), out=flat)
        elif activation == "sigmoid":
            sigmoid_block(part.reshape(-1))


def activation_gradient(d: Array, out: Array, activation: Activation, db: Bias) -> None:
    """``d ← d ∗ act'`` in place, act' known from the activation's `out`; ``db ← Σ_i d_i``."""
    for rows in _row_blocks(d) if activation != "none" else ():
        part, known = d[rows].reshape(-1), out[rows].reshape(-1)
        slope, _, is_open = scratch(d.dtype, part.size)
        with np.errstate(under="ignore", invalid="ignore"):
            if activation == "relu":
                np.greater(known, 0, out=is_open)
                part *= is_open
            else:
                np.subtract(1, known, out=slope)
                slope *= known
                part *= slope
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


def squared_error(z: Array, t: Array, dz: Array) -> float:
    """``mean((z − t)²)``, and its gradient ``2 (z − t) / n`` in dz."""
    with np.errstate(over="ignore", invalid="ignore"):
        np.subtract(z, t, out=dz)
        flat = dz.reshape(-1)
        loss = float(np.dot(flat, flat)) / dz.size
        dz *= 2 / dz.size
    return loss


def update(
    rule: Rule, p: Array, g: Array, state: Sequence[Array], coefficients: Sequence[float]
) -> None:
    """One step of `rule` on flat parameters p with gradient g, in place.

    The formulas, and what `state` and each coefficient are, stand in `handgrad.optimizers`.
    """
    for start in range(0, p.size, UPDATE_BLOCK):
        block = slice(start, start + UPDATE_BLOCK)
        parts = [array[block] for array in state]
        _RULES[rule](p[block], g[block], parts, coefficients)


def _sgd(p: Array, g: Array, state: Sequence[Array], c: Sequence[float]) -> None:
    a, _, _ = scratch(p.dtype, p.size)
    p -= np.multiply(g, c[0], out=a)


def _momentum(p: Array, g: Array, state: Sequence[Array], c: Sequence[float]) -> None:
    a, _, _ = scratch(p.dtype, p.size)
    [v] = state
    v *= c[1]
    v += g
    p -= np.multiply(v, c[0], out=a)


def _nesterov(p: Array, g: Array, state: Sequence[Array], c: Sequence[float]) -> None:
    a, _, _ = scratch(p.dtype, p.size)
    [v] = state
    v *= c[1]
    v += g
    np.multiply(v, c[1], out=a)
    a += g
    a *= c[0]
    p -= a


def _adagrad(p: Array, g: Array, state: Sequence[Array], c: Sequence[float]) -> None:
    a, b, _ = scratch(p.dtype, p.size)
    [s] = state
    s += np.multiply(g, g, out=a)
    _divide_and_subtract(p, g, np.sqrt(s, out=b), c[0], c[1], a)


def _rmsprop(p: Array, g: Array, state: Sequence[Array], c: Sequence[float]) -> None:
    a, b, _ = scratch(p.dtype, p.size)
    [s] = state
    np.multiply(g, g, out=a)
    a *= 1 - c[1]
    s *= c[1]
    s += a
    _divide_and_subtract(p, g, np.sqrt(s, out=b), c[0], c[2], a)


def _adam(p: Array, g: Array, state: Sequence[Array], c: Sequence[float]) -> None:
    a, b, _ = scratch(p.dtype, p.size)
    m, v = state
    m *= c[1]
    m += np.multiply(g, 1 - c[1], out=a)
    np.multiply(g, g, out=a)
    a *= 1 - c[2]
    v *= c[2]
    v += a
    np.sqrt(v, out=b)
    b *= c[4]
    if c[5] != 1:
        p *= c[5]
    _divide_and_subtract(p, m, b, c[0], c[3], a)


def _divide_and_subtract(
    p: Array, direction: Array, size: Array, rate: float, epsilon: float, a: Array
) -> None:
    """``p ← p − rate · direction / (size + epsilon)``; `size` and `a` are overwritten."""
    size += epsilon
    np.multiply(direction, rate, out=a)
    a /= size
    p -= a


_RULES = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}


def _row_blocks(array: Array) -> list[slice]:
    """Rows of `array` a block of about `BLOCK` numbers at a time."""
    height = max(1, BLOCK // max(1, array.shape[1]))
    count = math.ceil(len(array) / height)
    return [slice(i * height, (i + 1) * height) for i in range(count)]
