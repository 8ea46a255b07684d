"""The kernels of the compiled engine. What it does not take, `handgrad.kernels.plain` does.

A fully connected layer by itself is `plain`'s too: right after BLAS, whose threads still spin, a bias
shared out over a second pool took up to 5 % longer than NumPy's addition on one thread.

The compiled loops want arrays that lie in one piece and are of one dtype, float32 or float64; any
other goes the way of NumPy, with the same result to round-off.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array, Bias, Labels
from handgrad.kernels import in_place, plain
from handgrad.kernels.library import Missing, library
from handgrad.kernels.names import ACTIVATIONS, RULES, Activation, Rule
from handgrad.kernels.plain import (
    affine,
    affine_bias_gradient,
    affine_input_gradient,
    affine_weight_gradient,
    cross_entropy,
    cross_entropy_gradient,
    gate,
    mean_square,
    mean_square_gradient,
    rectify,
    softmax,
)

__all__ = [
    "affine", "affine_bias_gradient", "affine_input_gradient", "affine_weight_gradient",
    "cross_entropy", "cross_entropy_gradient", "gate", "mean_square", "mean_square_gradient",
    "rectify", "softmax",
]  # fmt: skip

_COUNT, _POINTER = ctypes.c_int64, ctypes.c_void_p
_first_byte: Callable[[Any], ctypes.c_char] = ctypes.c_char.from_buffer
_SIGNATURES: dict[str, tuple[list[type], type | None]] = {
    "sigmoid": ([_COUNT, _POINTER, _POINTER], None),
    "sigmoid_gradient": ([_COUNT, _POINTER, _POINTER, _POINTER], None),
    "rectify": ([_COUNT, _POINTER, _POINTER, _POINTER], None),
    "gated": ([_COUNT, _POINTER, _POINTER, _POINTER], None),
    "bias_activation": ([_COUNT, _COUNT, _POINTER, _POINTER, _COUNT], None),
    "activation_gradient": ([_COUNT, _COUNT, _POINTER, _POINTER, _COUNT, _POINTER], None),
    "softmax_cross_entropy": ([_COUNT, _COUNT, *[_POINTER] * 4], ctypes.c_double),
    "mean_square": ([_COUNT, _POINTER, _POINTER, _POINTER], ctypes.c_double),
    "update": ([_COUNT, _COUNT, *[_POINTER] * 5], None),
    "step": ([_POINTER], _COUNT),
}
_TYPES: dict[np.dtype[Any], str] = {
    np.dtype(np.float32): "float",
    np.dtype(np.float64): "double",
}


def _functions() -> dict[tuple[str, np.dtype[Any]], Callable[..., Any]]:
    loaded = library()
    if isinstance(loaded, Missing):
        return {}
    found: dict[tuple[str, np.dtype[Any]], Callable[..., Any]] = {}
    for name, (arguments, result) in _SIGNATURES.items():
        for dtype, word in _TYPES.items():
            function = getattr(loaded, f"handgrad_{name}_{word}")
            function.argtypes, function.restype = arguments, result
            found[name, dtype] = function
    return found


compiled = _functions()
"""Each function of the library, by name and dtype; empty where there is no library."""


def address(array: NDArray[Any] | None) -> int | None:
    """Where the array's numbers lie.

    Through the buffer that ctypes makes of it, which takes a quarter of the microsecond that
    ``array.ctypes.data`` does; it is not made of an array that is read-only, empty or in pieces.
    """
    if array is None:
        return None
    try:
        return ctypes.addressof(_first_byte(array))
    except (TypeError, ValueError):
        return array.ctypes.data


def _takes(*arrays: NDArray[Any]) -> bool:
    """Whether the compiled loops can go over these: in one piece, of one dtype, not empty."""
    dtype = arrays[0].dtype
    return dtype in _TYPES and all(
        array.dtype == dtype and array.flags.c_contiguous and array.flags.aligned and array.size
        for array in arrays
    )


def sigmoid(x: Array) -> Array:
    """``σ(x) = 1 / (1 + e^{-x})``, accurate in both tails; any shape."""
    if not _takes(x):
        return plain.sigmoid(x)
    out = np.empty_like(x)
    compiled["sigmoid", x.dtype](x.size, address(x), address(out))
    return out


def sigmoid_gradient(dout: Array, out: Array) -> Array:
    """``dx = dout ∗ out ∗ (1 − out)``; any shape, the same for both."""
    if not _takes(dout, out):
        return plain.sigmoid_gradient(dout, out)
    dx = np.empty_like(out)
    compiled["sigmoid_gradient", out.dtype](out.size, address(dout), address(out), address(dx))
    return dx


def rectify_and_gate(x: Array) -> tuple[Array, NDArray[np.bool_]]:
    """``max(0, x)`` and where x ≤ 0, in one pass."""
    if not _takes(x):
        return plain.rectify_and_gate(x)
    out, closed = np.empty_like(x), np.empty_like(x, np.bool_)
    compiled["rectify", x.dtype](x.size, address(x), address(out), address(closed))
    return out, closed


def gated(dout: Array, closed: NDArray[np.bool_]) -> Array:
    """``dout`` with zero wherever the gate is closed; a NaN stays a NaN there too."""
    if not (_takes(dout) and closed.flags.c_contiguous):
        return plain.gated(dout, closed)
    dx = np.empty_like(dout)
    compiled["gated", dout.dtype](dout.size, address(dout), address(closed), address(dx))
    return dx


def bias_activation(y: Array, b: Bias, activation: Activation) -> None:
    """``y ← act(y + b)`` in place, for y ``(B, M)`` and b ``(M,)``."""
    compiled["bias_activation", y.dtype](
        *y.shape, address(y), address(b), ACTIVATIONS.index(activation)
    )


def activation_gradient(d: Array, out: Array, activation: Activation, db: Bias) -> None:
    """``d ← d ∗ act'`` in place, act' known from the activation's `out`; ``db ← Σ_i d_i``."""
    compiled["activation_gradient", d.dtype](
        *d.shape, address(d), address(out), ACTIVATIONS.index(activation), address(db)
    )


def softmax_cross_entropy(z: Array, t: Labels, dz: Array) -> float:
    """The mean loss of scores z ``(B, C)``, and its gradient in dz.

    t is class numbers ``(B,)`` of int64, from 0 to C − 1, or rows ``(B, C)`` of z's dtype.
    """
    labels, rows = (address(t), None) if t.ndim == 1 else (None, address(t))
    return float(
        compiled["softmax_cross_entropy", z.dtype](*z.shape, address(z), labels, rows, address(dz))
    )


def squared_error(z: Array, t: Array, dz: Array) -> float:
    """``mean((z − t)²)``, and its gradient ``2 (z − t) / n`` in dz."""
    return float(compiled["mean_square", z.dtype](z.size, address(z), address(t), address(dz)))


def update(
    rule: Rule, p: Array, g: Array, state: Sequence[Array], coefficients: Sequence[float]
) -> None:
    """One step of `rule` on flat parameters p with gradient g, in place.

    The formulas, and what `state` and each coefficient are, stand in `handgrad.optimizers`.
    """
    if not _takes(p, g, *state):
        in_place.update(rule, p, g, state, coefficients)
        return
    s, r = (*map(address, state), None, None)[:2]
    numbers = (ctypes.c_double * 8)(*coefficients)
    compiled["update", p.dtype](
        RULES.index(rule), math.prod(p.shape), address(p), address(g), s, r, numbers
    )
