"""The cases of the activations: those of every layer that works entry by entry."""

from __future__ import annotations

from functools import partial

import numpy as np

from handgrad.checking.case import Case
from handgrad.course.draw import values
from handgrad.course.scripts import elementwise_layer

# Inputs of magnitude 1 to 3 tell x, σ(x) and dout apart. σ' is at most 1/4 there, so dout for the
# sigmoid is four times as large as for ReLU: the gradients of both are of order one.
DRAW_X = partial(values, scale=2.0)
DRAW_DOUT = {"Sigmoid": partial(values, scale=4.0), "Relu": values}


def cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Every corner of ``Sigmoid()`` and of ``Relu()``."""
    return elementwise_layer(class_name, rng, draw_x=DRAW_X, draw_dout=DRAW_DOUT[class_name])
