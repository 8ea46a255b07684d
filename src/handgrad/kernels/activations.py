"""The activations in NumPy, each once: the value and the gradient, in place on a flat block.

A new activation is an entry of `ACTIVATIONS`, a line in ``source/activations.inc`` of the compiled
engine, and a layer in `handgrad.layers`. An entry that one of the three lacks is an error at import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from handgrad.arrays import Array
from handgrad.kernels.scratch_arrays import scratch, zeros


@dataclass(frozen=True)
class BlockActivation:
    """An activation on a block of numbers that fits the processor's cache.

    Attributes:
        forward: ``y ← act(y)`` for a flat y.
        backward: ``d ← d ∗ act'`` for a flat d, where act' is known from the activation's output.
    """

    forward: Callable[[Array], None]
    backward: Callable[[Array, Array], None]


def _identity(y: Array) -> None:
    pass


def _identity_backward(d: Array, out: Array) -> None:
    pass


def _relu(y: Array) -> None:
    np.maximum(y, zeros(y.dtype, y.size), out=y)


def _relu_backward(d: Array, out: Array) -> None:
    _, _, is_open = scratch(d.dtype, d.size)
    np.greater(out, 0, out=is_open)
    d *= is_open


def _sigmoid(y: Array) -> None:
    """``σ(y)``, accurate in both tails, without overflow.

    One exponential, of ``-|y|``, which cannot overflow::

        e = exp(-|y|)
        σ(y) = 1 / (1 + e)   for y ≥ 0
        σ(y) = e / (1 + e)   for y < 0
    """
    e, numerator, _ = scratch(y.dtype, y.size)
    with np.errstate(under="ignore"):
        np.abs(y, out=e)
        np.negative(e, out=e)
        np.exp(e, out=e)
        np.greater_equal(y, 0, out=numerator)
        np.maximum(numerator, e, out=numerator)  # 1 where y ≥ 0, as e ≤ 1; NaN stays NaN
        e += 1
        np.divide(numerator, e, out=y)


def _sigmoid_backward(d: Array, out: Array) -> None:
    slope, _, _ = scratch(d.dtype, d.size)
    np.subtract(1, out, out=slope)
    slope *= out
    d *= slope


ACTIVATIONS: dict[str, BlockActivation] = {
    "none": BlockActivation(_identity, _identity_backward),
    "relu": BlockActivation(_relu, _relu_backward),
    "sigmoid": BlockActivation(_sigmoid, _sigmoid_backward),
}
