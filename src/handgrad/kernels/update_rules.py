"""The update rules in NumPy, each once: one step on a flat block of parameters, in place.

A new rule is an entry of `UPDATE_RULES`, a line in ``source/update_rules.inc`` of the compiled engine,
and an optimizer in `handgrad.optimizers` that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from handgrad.arrays import Array
from handgrad.kernels.scratch_arrays import scratch

UpdateFormula: TypeAlias = Callable[[Array, Array, Sequence[Array], Sequence[float]], None]
"""Changes parameters p by gradient g, with the rule's state and coefficients."""


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


UPDATE_RULES: dict[str, UpdateFormula] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
