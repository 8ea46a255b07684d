"""The compiled library: loaded, given NumPy's own BLAS and tried; or the reason why there is none."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.languages import Text

PATH = Path(__file__).with_name("_native.so")
VERSION = 2
"""What ``handgrad_version`` of a library that fits this code returns."""

_PRODUCTS = (("scipy_cblas_", "64_", True), ("cblas_", "64_", True), ("cblas_", "", False))
"""How the BLAS in NumPy names its products, and whether its integers have 64 bits."""

_THREADS = (("scipy_openblas_", "64_"), ("openblas_", "64_"), ("openblas_", ""))


@dataclass(frozen=True)
class LibraryMissing:
    """Why there is no compiled engine here."""

    reason: Text


@cache
def native_library() -> ctypes.CDLL | LibraryMissing:
    """The library, ready for use. It is loaded once."""
    if not PATH.exists():
        return LibraryMissing(
            Text(
                zh="这个安装里没有编译好的库：安装时没有可用的 C 编译器，或者装的是纯 Python 的 wheel。"
                "装好 gcc 或 clang 后重新安装 handgrad 即可。",
                en="this install holds no compiled library: no C compiler worked when it was "
                "installed, or it came from the pure-Python wheel. With gcc or clang there, "
                "install handgrad again.",
            )
        )
    try:
        loaded = ctypes.CDLL(str(PATH))
        found = int(loaded.handgrad_version())
    except (OSError, AttributeError) as error:
        return LibraryMissing(
            Text(
                zh="编译好的库不能加载：{error}", en="the compiled library does not load: {error}"
            ).format(error=error)
        )
    if found != VERSION:
        return LibraryMissing(
            Text(
                zh="编译好的库属于另一个版本的 handgrad。请重新安装。",
                en="the compiled library belongs to another version of handgrad. Install it again.",
            )
        )
    if not (_give_blas(loaded) and _can_multiply(loaded)):
        return LibraryMissing(
            Text(
                zh="在这个 NumPy 里没有找到可以调用的 BLAS。",
                en="no BLAS that can be called was found in this NumPy.",
            )
        )
    loaded.handgrad_use_threads(ctypes.c_int64(threads()))
    return loaded


def threads() -> int:
    """How many threads the compiled engine uses.

    ``HANDGRAD_THREADS`` or ``OMP_NUM_THREADS`` when set to a number, else the processors that this
    process may run on.
    """
    for variable in ("HANDGRAD_THREADS", "OMP_NUM_THREADS"):
        value = os.environ.get(variable, "").strip()
        if value.isdecimal() and int(value) > 0:
            return min(int(value), 64)
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, 64)


def _give_blas(loaded: ctypes.CDLL) -> bool:
    """Give the library the addresses of NumPy's matrix products; whether they were found."""
    # Symbols are searched in NumPy's own extension and in every library it is linked with.
    numpy = ctypes.CDLL(np._core._multiarray_umath.__file__)  # type: ignore[attr-defined]  # noqa: SLF001 - the only door to the BLAS that NumPy carries

    def address(name: str) -> ctypes.c_void_p | None:
        function = getattr(numpy, name, None)
        return ctypes.cast(function, ctypes.c_void_p) if function is not None else None

    named = (
        ([address(f"{prefix}{letter}gemm{suffix}") for letter in "sd"], wide)
        for prefix, suffix, wide in _PRODUCTS
    )
    products, wide = next((found for found in named if all(found[0])), ([], False))
    if not products:
        return False
    counts = (
        [address(f"{prefix}{verb}_num_threads{suffix}") for verb in ("set", "get")]
        for prefix, suffix in _THREADS
    )
    control = next((found for found in counts if all(found)), [None, None])
    loaded.handgrad_use_blas(*products, ctypes.c_int64(wide), *control)
    return True


def _can_multiply(loaded: ctypes.CDLL) -> bool:
    """Whether the functions found multiply matrices."""
    for name, dtype in (("float", np.float32), ("double", np.float64)):
        A: NDArray[Any] = np.arange(6, dtype=dtype).reshape(2, 3)
        B: NDArray[Any] = np.arange(12, dtype=dtype).reshape(3, 4)
        C = np.zeros((2, 4), dtype)
        sizes = [ctypes.c_int64(n) for n in (2, 4, 3)]
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (A, B, C)]
        getattr(loaded, f"handgrad_product_{name}")(*sizes, *pointers)
        if C.tolist() != (A @ B).tolist():
            return False
    return True
