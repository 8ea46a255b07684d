"""The cases of the activations: those of every layer that works entry by entry."""

from __future__ import annotations

from functools import partial

import numpy as np

from handgrad.course.random_arrays import Draw, both_signs, values
from handgrad.course.scripts import (
    draft_elementwise_layer,
    elementwise_layer,
    large_elementwise_layer,
    small_elementwise_layer,
)
from handgrad.diagnosis.case import Case

# Inputs of magnitude 0.7 to 2.1 tell x, σ(x) and dout apart. There σ' is between 1/11 and 2/9, so the
# sigmoid gets a dout eleven times as large as ReLU: the gradients of both are of order one.
DRAW_X: dict[str, Draw] = {
    "Sigmoid": partial(values, scale=1.4),
    "Relu": partial(both_signs, scale=2.0),
}
DRAW_DOUT: dict[str, Draw] = {"Sigmoid": partial(values, scale=11.0), "Relu": values}


def cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """The cases of ``Sigmoid()`` and of ``Relu()``."""
    return elementwise_layer(class_name, rng, DRAW_X[class_name], DRAW_DOUT[class_name])


def small_cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Cases for pencil and paper."""
    return small_elementwise_layer(class_name, rng)


def large_case(class_name: str, rng: np.random.Generator) -> Case:
    """A case large enough to show a loop over entries."""
    return large_elementwise_layer(class_name, rng, DRAW_X[class_name], DRAW_DOUT[class_name])


def draft_case(class_name: str, rng: np.random.Generator) -> Case:
    """The case that a draft is run on while it is typed."""
    return draft_elementwise_layer(class_name, rng)
