"""What one rebuilt bug is: the thread it was reported in, the wrong code, and a right twin.

Everything here is written anew and small; nothing is taken from the projects that had the bug.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from handgrad.languages import Text

Array = NDArray[Any]
Draw = Callable[[np.random.Generator], tuple[Array, ...]]
Kind = Literal[
    "formula",
    "shape",
    "special-point",
    "layout",
    "memory",
    "side-effect",
    "state",
    "race",
    "precision",
]


@dataclass(frozen=True)
class Bug:
    """A gradient bug from a public thread.

    Attributes:
        thread: address of the issue or pull request.
        what: what the code did, in one sentence of our own.
        kind: where such a bug hides.
        place: what it was rebuilt in; `wrong` and `right` make an object of that place: a layer or
            a `Pair` for NumPy, a callable of tensors for torch, a function of arrays for JAX.
        wrong: makes a fresh instance of the code with the bug.
        right: the same, mended.
        ordinary: inputs as the author of a test would draw them.
        at: inputs as in the thread, where ordinary ones do not show the bug.
        needs_reference: it is wrong only by what its type allows: a checker that takes a reference
            gets the right twin in float64.
    """

    thread: str
    what: Text
    kind: Kind
    place: Literal["numpy", "torch", "jax"]
    wrong: Callable[[], Any]
    right: Callable[[], Any]
    ordinary: Draw
    at: Draw | None = None
    needs_reference: bool = False


@dataclass(frozen=True)
class Pair:
    """A function and its backward: ``forward(*inputs)`` and ``backward(dout, *inputs)``."""

    forward: Callable[..., Array]
    backward: Callable[..., Any]


def gaussian(*shapes: tuple[int, ...]) -> Draw:
    """Draws one standard normal array of each shape."""
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)
