"""The kernels of the compiled engine. Those it lacks are in `handgrad.kernels.numpy_kernels`.

A fully connected layer by itself is computed by NumPy, too: right after BLAS, whose threads still
spin, a bias shared out over a second pool took up to 5 % longer than NumPy's addition on one thread.

The compiled loops need contiguous arrays of one dtype, float32 or float64. Other arrays are computed
by NumPy, with the same result to round-off.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import Array, Bias, Labels
from handgrad.errors import EngineError
from handgrad.kernels import numpy_in_place, numpy_kernels
from handgrad.kernels.activations import ACTIVATIONS
from handgrad.kernels.native_library import LibraryMissing, native_library
from handgrad.kernels.numpy_in_place import FUSED_LOSSES
from handgrad.kernels.update_rules import UPDATE_RULES
from handgrad.languages import Text

_COUNT, _POINTER = ctypes.c_int64, ctypes.c_void_p
_first_byte: Callable[[Any], ctypes.c_char] = ctypes.c_char.from_buffer
_SIGNATURES: dict[str, tuple[list[type], type | None]] = {
    "activation": ([_COUNT, _COUNT, _POINTER, _POINTER], None),
    "activation_backward": ([_COUNT, _COUNT, _POINTER, _POINTER, _POINTER], None),
    "rectify": ([_COUNT, _POINTER, _POINTER, _POINTER], None),
    "gated": ([_COUNT, _POINTER, _POINTER, _POINTER], None),
    "bias_activation": ([_COUNT, _COUNT, _POINTER, _POINTER, _COUNT], None),
    "activation_gradient": ([_COUNT, _COUNT, _POINTER, _POINTER, _COUNT, _POINTER], None),
    "softmax_cross_entropy": ([_COUNT, _COUNT, *[_POINTER] * 4], ctypes.c_double),
    "mean_squared_error": ([_COUNT, _POINTER, _POINTER, _POINTER], ctypes.c_double),
    "update": ([_COUNT, _COUNT, *[_POINTER] * 5], None),
    "step": ([_POINTER], _COUNT),
}
_TYPES: dict[np.dtype[Any], str] = {
    np.dtype(np.float32): "float",
    np.dtype(np.float64): "double",
}


def _functions() -> dict[tuple[str, np.dtype[Any]], Callable[..., Any]]:
    loaded = native_library()
    if isinstance(loaded, LibraryMissing):
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


def _numbers(what: Text, expected: Iterable[str], function: str) -> dict[str, int]:
    """The compiled engine's number of each name; both engines must have the same names.

    Raises:
        EngineError: one engine lacks an entry; the message names it.
    """
    loaded = native_library()
    if isinstance(loaded, LibraryMissing):
        return {}
    named = getattr(loaded, function)
    named.restype = ctypes.c_char_p
    names = named().decode().split()
    for name in sorted({*expected} ^ {*names}):
        there, missing = ("native", "numpy") if name in names else ("numpy", "native")
        raise EngineError(
            Text(
                zh="{what} {name} 只在引擎 {there} 中有，引擎 {missing} 中没有。"
                "请补上（见 handgrad/kernels），改了 C 源码之后重新安装。",
                en="the {what} {name} is in the engine {there} and missing in the engine {missing}. "
                "Add it (see handgrad/kernels), and install again after a change of the C source.",
            ).format(what=what, name=name, there=there, missing=missing)
        )
    return {name: number for number, name in enumerate(names)}


ACTIVATION_NUMBERS = _numbers(
    Text(zh="激活函数", en="activation"), ACTIVATIONS, "handgrad_activations"
)
LOSS_NUMBERS = _numbers(Text(zh="损失函数", en="loss"), FUSED_LOSSES, "handgrad_losses")
UPDATE_RULE_NUMBERS = _numbers(
    Text(zh="更新规则", en="update rule"), UPDATE_RULES, "handgrad_update_rules"
)
NO_UPDATE_RULE = -1
"""`NO_RULE` of ``source/update_rules.inc``: the step computes the gradients and updates nothing."""


def address(array: NDArray[Any] | None) -> int | None:
    """The address of the array's first number.

    Read from the buffer that ctypes makes of it, in a quarter of the microsecond that
    ``array.ctypes.data`` takes; read-only, empty and non-contiguous arrays have no such buffer.
    """
    if array is None:
        return None
    try:
        return ctypes.addressof(_first_byte(array))
    except (TypeError, ValueError):
        return array.ctypes.data


def _takes(*arrays: NDArray[Any]) -> bool:
    """Whether the compiled loops take these: contiguous, of one dtype, not empty."""
    dtype = arrays[0].dtype
    return dtype in _TYPES and all(
        array.dtype == dtype and array.flags.c_contiguous and array.flags.aligned and array.size
        for array in arrays
    )


def activation(x: Array, name: str) -> Array:
    """``act(x)`` for the activation of that name; any shape."""
    if not _takes(x):
        return numpy_kernels.activation(x, name)
    out = np.empty_like(x)
    compiled["activation", x.dtype](ACTIVATION_NUMBERS[name], x.size, address(x), address(out))
    return out


def activation_backward(dout: Array, out: Array, name: str) -> Array:
    """``dx = dout ∗ act'(x)``, where act' is known from `out`; any shape, the same for both."""
    if not _takes(dout, out):
        return numpy_kernels.activation_backward(dout, out, name)
    dx = np.empty_like(out)
    compiled["activation_backward", out.dtype](
        ACTIVATION_NUMBERS[name], out.size, address(dout), address(out), address(dx)
    )
    return dx


def rectify_and_gate(x: Array) -> tuple[Array, NDArray[np.bool_]]:
    """``max(0, x)`` and where x ≤ 0, in one pass."""
    if not _takes(x):
        return numpy_kernels.rectify_and_gate(x)
    out, closed = np.empty_like(x), np.empty_like(x, np.bool_)
    compiled["rectify", x.dtype](x.size, address(x), address(out), address(closed))
    return out, closed


def gated(dout: Array, closed: NDArray[np.bool_]) -> Array:
    """``dout`` with zero wherever the gate is closed; a NaN stays a NaN there too."""
    if not (_takes(dout) and closed.flags.c_contiguous):
        return numpy_kernels.gated(dout, closed)
    dx = np.empty_like(dout)
    compiled["gated", dout.dtype](dout.size, address(dout), address(closed), address(dx))
    return dx


def bias_activation(y: Array, b: Bias, activation: str) -> None:
    """``y ← act(y + b)`` in place, for y ``(B, M)`` and b ``(M,)``."""
    compiled["bias_activation", y.dtype](
        *y.shape, address(y), address(b), ACTIVATION_NUMBERS[activation]
    )


def activation_gradient(d: Array, out: Array, activation: str, db: Bias) -> None:
    """``d ← d ∗ act'`` in place, act' known from the activation's `out`; ``db ← Σ_i d_i``."""
    compiled["activation_gradient", d.dtype](
        *d.shape, address(d), address(out), ACTIVATION_NUMBERS[activation], address(db)
    )


def softmax_cross_entropy(z: Array, t: Labels, dz: Array) -> float:
    """The mean loss of scores z ``(B, C)``, and its gradient in dz.

    t is class numbers ``(B,)`` of int64, from 0 to C − 1, or rows ``(B, C)`` of z's dtype.
    """
    labels, rows = (address(t), None) if t.ndim == 1 else (None, address(t))
    return float(
        compiled["softmax_cross_entropy", z.dtype](*z.shape, address(z), labels, rows, address(dz))
    )


def mean_squared_error(z: Array, t: Array, dz: Array) -> float:
    """``mean((z − t)²)``, and its gradient ``2 (z − t) / n`` in dz."""
    return float(
        compiled["mean_squared_error", z.dtype](z.size, address(z), address(t), address(dz))
    )


def update(
    rule: str, p: Array, g: Array, state: Sequence[Array], coefficients: Sequence[float]
) -> None:
    """One step of `rule` on flat parameters p with gradient g, in place.

    The formulas, and what `state` and each coefficient are, stand in `handgrad.optimizers`.
    """
    if not _takes(p, g, *state):
        numpy_in_place.update(rule, p, g, state, coefficients)
        return
    s, r = (*map(address, state), None, None)[:2]
    numbers = (ctypes.c_double * 8)(*coefficients)
    compiled["update", p.dtype](
        UPDATE_RULE_NUMBERS[rule], math.prod(p.shape), address(p), address(g), s, r, numbers
    )
