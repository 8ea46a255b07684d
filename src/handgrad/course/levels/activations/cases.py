"""The cases of the activations: those of every elementwise layer."""

from __future__ import annotations

import numpy as np

from handgrad.arrays import Array
from handgrad.checking.case import Case
from handgrad.course.draw import values
from handgrad.course.scripts import elementwise_layer


def cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Every corner of ``Sigmoid()`` and of ``Relu()``."""
    return elementwise_layer(class_name, rng, draw_x=_twice_as_large)


def _twice_as_large(rng: np.random.Generator, *shape: int) -> Array:
    """Magnitudes 1 to 3: far enough from zero that σ, x and dout are all told apart."""
    return 2.0 * values(rng, *shape)
