"""The kernels in NumPy. Arguments are checked by the layers; here is only arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array, Bias, Weights


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


def sigmoid(x: Array) -> Array:
    """``σ(x) = 1 / (1 + e^{-x})``, accurate in both tails, without overflow.

    One exponential, of ``-|x|``, which cannot overflow::

        e = exp(-|x|)
        σ(x) = 1 / (1 + e)   for x ≥ 0
        σ(x) = e / (1 + e)   for x < 0
    """
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, x.dtype.type(1), e) / (1 + e)


def sigmoid_gradient(dout: Array, out: Array) -> Array:
    """``dx = dout ∗ out ∗ (1 − out)``."""
    dx = 1 - out
    dx *= out
    return dx * dout


def gate(x: Array) -> NDArray[np.bool_]:
    """Where a rectifier is closed: ``x ≤ 0``. A NaN is not ≤ 0, so it passes and stays seen."""
    return x <= 0


def gated(values: Array, closed: NDArray[np.bool_]) -> Array:
    """``values`` with zero wherever the gate is closed. A NaN at a closed gate stops there."""
    return np.where(closed, values.dtype.type(0), values)


def log_softmax(z: Array) -> Array:
    """``z_c − log Σ_k e^{z_k}`` over the last axis, shifted by the largest entry of each row."""
    shifted: Array = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def cross_entropy(log_probabilities: Array, targets: NDArray[Any]) -> float:
    """``−(1/B) Σ_i Σ_c t_ic log p_ic`` for targets ``(B, C)``; 0 for an empty batch."""
    batch = len(log_probabilities)
    # 0 · (−inf) counts as 0: a class of no target weight costs nothing however unlikely it is.
    terms = np.where(targets == 0, 0, targets * log_probabilities)
    return float(-terms.sum() / batch) if batch else 0.0
