"""The array arithmetic of every layer and loss: a few plain functions, one module an engine.

Layers call these names and nothing else, so that an engine can be replaced without touching a
layer. `handgrad.kernels.plain` is written in NumPy and is always there.
"""

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
    sigmoid,
    sigmoid_gradient,
    softmax,
)

__all__ = [
    "affine",
    "affine_bias_gradient",
    "affine_input_gradient",
    "affine_weight_gradient",
    "cross_entropy",
    "cross_entropy_gradient",
    "gate",
    "gated",
    "mean_square",
    "mean_square_gradient",
    "rectify",
    "sigmoid",
    "sigmoid_gradient",
    "softmax",
]
