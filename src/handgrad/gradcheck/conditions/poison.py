"""Memory that was never written, made visible."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


@contextlib.contextmanager
def numpy_memory_poisoned() -> Iterator[None]:
    """``np.empty`` and ``np.empty_like`` give NaN (the largest integer, True) while the block runs.

    Fresh memory often holds zeros, so that code which forgets to write an entry passes its tests.
    Names imported before (``from numpy import empty``) and allocations in C are not reached. The two
    functions are replaced for the whole process: not for use beside threads that need them fast.

    >>> with numpy_memory_poisoned():
    ...     np.empty(2)
    array([nan, nan])
    """
    originals = {name: getattr(np, name) for name in ("empty", "empty_like")}
    for name, original in originals.items():
        setattr(np, name, _poisoned(original))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(np, name, original)


def _poisoned(make: Callable[..., Any]) -> Callable[..., Any]:
    def filled(*arguments: Any, **options: Any) -> Any:
        array = make(*arguments, **options)
        kind = array.dtype.kind
        if kind in "fc":
            array.fill(np.nan)
        elif kind in "iu":
            array.fill(np.iinfo(array.dtype).max)
        elif kind == "b":
            array.fill(True)
        return array

    return filled
