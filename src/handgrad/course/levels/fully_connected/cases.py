"""The cases of the fully connected level: those of every layer with parameters."""

from __future__ import annotations

import numpy as np

from handgrad.course.scripts import (
    draft_layer_with_parameters,
    large_layer_with_parameters,
    layer_with_parameters,
    small_layer_with_parameters,
)
from handgrad.diagnosis.case import Case


def cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """The cases of ``FullyConnected(W, b)``."""
    return layer_with_parameters(class_name, rng)


def small_cases(class_name: str, rng: np.random.Generator) -> list[Case]:
    """Cases for pencil and paper."""
    return small_layer_with_parameters(class_name, rng)


def large_case(class_name: str, rng: np.random.Generator) -> Case:
    """A case large enough to show a loop over entries."""
    return large_layer_with_parameters(class_name, rng)


def draft_case(class_name: str, rng: np.random.Generator) -> Case:
    """The case that a draft is run on while it is typed."""
    return draft_layer_with_parameters(class_name, rng)
