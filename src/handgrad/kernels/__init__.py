"""The array arithmetic of every layer, loss and optimizer: a few functions, two engines.

Layers call these names and nothing else, so that an engine can be replaced without touching a
layer. The engine ``numpy`` is always there; ``native`` is compiled, and is taken when it is there.
``HANDGRAD_ENGINE=numpy`` or ``native`` chooses, `use_engine` changes it later, and ``handgrad
doctor`` says which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handgrad.kernels.choice import ENGINES, Engine, chosen, engine_named

if TYPE_CHECKING:
    from handgrad.kernels.in_place import (
        activation_gradient,
        bias_activation,
        softmax_cross_entropy,
        squared_error,
        update,
    )
    from handgrad.kernels.plain import (
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
        sigmoid,
        sigmoid_gradient,
        softmax,
    )

RETURNING = (
    "affine", "affine_bias_gradient", "affine_input_gradient", "affine_weight_gradient",
    "cross_entropy", "cross_entropy_gradient", "gate", "gated", "mean_square",
    "mean_square_gradient", "rectify", "rectify_and_gate", "sigmoid", "sigmoid_gradient", "softmax",
)  # fmt: skip
"""Functions that return arrays of their own, for the layers' forward and backward."""

IN_PLACE = (
    "activation_gradient", "bias_activation", "softmax_cross_entropy", "squared_error", "update",
)  # fmt: skip
"""Functions that write into arrays they are given, for a training step."""

__all__ = [
    "ENGINES",
    "IN_PLACE",
    "RETURNING",
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
    "rectify",
    "rectify_and_gate",
    "sigmoid",
    "sigmoid_gradient",
    "softmax",
    "softmax_cross_entropy",
    "squared_error",
    "update",
    "use_engine",
]

_engine = chosen()


def engine() -> Engine:
    """The engine that computes now."""
    return _engine


def use_engine(name: str) -> str:
    """Let the engine `name` compute from now on, in the whole process; returns the one before.

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
        home = next(module for module in new.modules if hasattr(module, name))
        globals()[name] = getattr(home, name)


_bind(_engine)
