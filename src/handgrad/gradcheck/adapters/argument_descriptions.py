"""Names and descriptions of a function's arguments, for messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def argument_names(f: Callable[..., Any], count: int, skipped: int = 0) -> tuple[str, ...]:
    """The names of the first `count` positional arguments, or x, or x0, x1, … if it has none.

    Args:
        f: the function.
        count: how many arguments it is called with.
        skipped: how many leading arguments are not the caller's.

    >>> argument_names(lambda ctx, x, W: x @ W, 2, skipped=1)
    ('x', 'W')
    >>> argument_names(max, 2)
    ('x0', 'x1')
    """
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # builtins have no signature
        parameters = []
    names = [
        one.name
        for one in parameters
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ][skipped:]
    if len(names) < count:
        names = ["x"] if count == 1 else [f"x{i}" for i in range(count)]
    return tuple(names[:count])


def described(value: Any) -> str:
    """A value by its type: arrays of any library with shape and dtype, containers with their items.

    >>> import numpy as np
    >>> described(({"W": np.zeros((2, 3))}, None, 3))
    "({'W': array (2, 3) of float64}, None, int)"
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {described(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(described, value))
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"array {tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
    return "None" if value is None else type(value).__name__
