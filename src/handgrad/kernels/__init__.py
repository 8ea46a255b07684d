"""The array arithmetic of every layer, loss and optimizer: a few functions, two engines.

Layers call these names and nothing else, so that an engine can be replaced without touching a
layer. The engine ``numpy`` always works; ``native`` is compiled, and is the default where it was
built. ``HANDGRAD_ENGINE=numpy`` or ``native`` chooses one, `use_engine` changes it later, and
``handgrad doctor`` shows it.
"""

from __future__ import annotations

from inspect import isfunction
from types import ModuleType
from typing import TYPE_CHECKING

from handgrad.kernels import numpy_in_place, numpy_kernels
from handgrad.kernels.engines import ENGINES, Engine, default_engine, engine_named

if TYPE_CHECKING:
    from handgrad.kernels.numpy_in_place import (
        activation_gradient,
        bias_activation,
        mean_squared_error,
        softmax_cross_entropy,
        update,
    )
    from handgrad.kernels.numpy_kernels import (
        activation,
        activation_backward,
        affine,
        affine_bias_gradient,
        affine_input_gradient,
        affine_weight_gradient,
        cross_entropy,
        cross_entropy_gradient,
        gate,
        gated,
        mean_square,
        mean_square_gradient,
        rectify,
        rectify_and_gate,
        softmax,
    )


def _kernels_of(module: ModuleType) -> tuple[str, ...]:
    """The public functions that the module defines."""
    return tuple(
        name
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    )


RETURNING = _kernels_of(numpy_kernels)
"""Kernels that return arrays of their own, for the layers' forward and backward."""

IN_PLACE = _kernels_of(numpy_in_place)
"""Kernels that write into arrays they are given, for a training step."""

__all__ = [
    "ENGINES",
    "IN_PLACE",
    "RETURNING",
    "activation",
    "activation_backward",
    "activation_gradient",
    "affine",
    "affine_bias_gradient",
    "affine_input_gradient",
    "affine_weight_gradient",
    "bias_activation",
    "cross_entropy",
    "cross_entropy_gradient",
    "engine",
    "gate",
    "gated",
    "mean_square",
    "mean_square_gradient",
    "mean_squared_error",
    "rectify",
    "rectify_and_gate",
    "softmax",
    "softmax_cross_entropy",
    "update",
    "use_engine",
]

_engine = default_engine()


def engine() -> Engine:
    """The engine in use."""
    return _engine


def use_engine(name: str) -> str:
    """Use the engine `name` from now on, in the whole process; returns the name of the previous one.

    Raises:
        EngineError: no such engine, or it was not compiled here.

    >>> before = use_engine("numpy")
    >>> engine().name
    'numpy'
    >>> use_engine(before)
    'numpy'
    """
    before = _engine.name
    _bind(engine_named(name))
    return before


def _bind(new: Engine) -> None:
    globals()["_engine"] = new
    for name in RETURNING + IN_PLACE:
        globals()[name] = new.kernel(name)


_bind(_engine)
