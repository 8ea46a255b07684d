"""The kernels of layers and losses in NumPy: arithmetic only, as the layers check their arguments.

No kernel writes into its arguments, and each returns an array of its own, of the same dtype as its
arguments (of NumPy's promotion, where they differ).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array, Bias, Weights
from handgrad.kernels.activations import ACTIVATIONS
from handgrad.kernels.scratch_arrays import BLOCK


def affine(x: Array, W: Weights, b: Bias) -> Array:
    """``y = x W + b`` for x ``(B, N)``, W ``(N, M)``, b ``(M,)`` → ``(B, M)``."""
    y = x @ W
    # `y` is ours, so the bias goes in without a second array; unless b would not fit its dtype.
    if np.result_type(y, b) == y.dtype:
        y += b
        return y
    return y + b


def affine_input_gradient(dout: Array, W: Weights) -> Array:
    """``dx = dout Wᵀ``: ``(B, M)``, ``(N, M)`` → ``(B, N)``."""
    return dout @ W.T


def affine_weight_gradient(x: Array, dout: Array) -> Weights:
    """``dW = xᵀ dout``: ``(B, N)``, ``(B, M)`` → ``(N, M)``, summed over the batch."""
    return x.T @ dout


def affine_bias_gradient(dout: Array) -> Bias:
    """``db = Σ_i dout_i``: ``(B, M)`` → ``(M,)``, summed over the batch."""
    return dout.sum(axis=0)


def activation(x: Array, name: str) -> Array:
    """``act(x)`` for the activation of that name, an entry of `ACTIVATIONS`; any shape."""
    out = np.array(x, order="C")
    flat = out.reshape(-1)
    for start in range(0, flat.size, BLOCK):
        ACTIVATIONS[name].forward(flat[start : start + BLOCK])
    return out


def activation_backward(dout: Array, out: Array, name: str) -> Array:
    """``dx = dout ∗ act'(x)``, where act' is known from `out`; any shape, the same for both.

    Where act' is 0, an infinite dout gives NaN.
    """
    same = dout.dtype == out.dtype
    dx = np.array(dout, order="C") if same else np.ones(out.shape, out.dtype)
    flat, known = dx.reshape(-1), out.reshape(-1)
    with np.errstate(under="ignore", invalid="ignore"):
        for start in range(0, flat.size, BLOCK):
            block = slice(start, start + BLOCK)
            ACTIVATIONS[name].backward(flat[block], known[block])
        return dx if same else np.asarray(dx * dout)


def rectify_and_gate(x: Array) -> tuple[Array, NDArray[np.bool_]]:
    """``max(0, x)`` and where x ≤ 0. A NaN stays a NaN, and is not ≤ 0: its gate is open."""
    return np.asarray(np.maximum(x, 0)), np.asarray(x <= 0)


def gated(dout: Array, closed: NDArray[np.bool_]) -> Array:
    """``dout`` with zero wherever the gate is closed; a NaN stays a NaN there too."""
    # A product is many times faster than a choice by mask; only ∞ · 0 is not what a gate gives.
    with np.errstate(invalid="ignore"):
        dx = np.asarray(dout * ~closed)
    lost = np.isnan(dx)
    if lost.any():
        dx[lost & ~np.isnan(dout)] = 0
    return dx


def softmax(z: Array) -> tuple[Array, Array]:
    """``p_ic = e^{z_ic} / Σ_k e^{z_ik}`` and ``log p``, both ``(B, C)``.

    The largest score of each row is subtracted first, which changes neither: then the largest
    exponential is 1, and no sum of them overflows or is 0.
    """
    # Two scores further apart than the largest number: the smaller one's probability is 0.
    with np.errstate(over="ignore", under="ignore"):
        shifted = z - z.max(axis=1, keepdims=True)
        exponentials = np.exp(shifted)
        total = exponentials.sum(axis=1, keepdims=True)
        return exponentials / total, shifted - np.log(total)


def cross_entropy(log_p: Array, targets: Array) -> float:
    """``−(1/B) Σ_i Σ_c t_ic log p_ic`` for targets ``(B, C)``; 0 for an empty batch."""
    if len(log_p) == 0:
        return 0.0
    # 0 · (−inf) counts as 0: a class of no weight costs nothing however unlikely it is.
    weighted = np.multiply(targets, log_p, out=np.zeros_like(log_p), where=targets != 0)
    # 0 − … and not −(…): the loss of a certain and right prediction is 0.0, not −0.0.
    return float(0 - weighted.sum() / len(log_p))


def cross_entropy_gradient(p: Array, targets: Array) -> Array:
    """``dz = (p ∗ Σ_c t_ic − t) / B``, ``(B, C)``."""
    dz = p * targets.sum(axis=1, keepdims=True)
    dz -= targets
    dz /= len(p)
    return dz


def mean_square(difference: Array) -> float:
    """``(1/n) Σ d²`` over all n entries; 0 when there are none."""
    return float(np.square(difference).mean()) if difference.size else 0.0


def mean_square_gradient(difference: Array) -> Array:
    """``2 d / n``, in the shape of d."""
    return np.asarray(difference * (2 / max(1, difference.size)))
