"""The losses: each has ``forward(z, t)`` → a float and ``backward()`` → ``dz``."""

from handgrad.losses.mean_squared_error import MeanSquaredError
from handgrad.losses.softmax_cross_entropy import SoftmaxCrossEntropy

__all__ = ["LOSSES", "MeanSquaredError", "SoftmaxCrossEntropy"]

LOSSES: tuple[type[SoftmaxCrossEntropy | MeanSquaredError], ...] = (
    SoftmaxCrossEntropy,
    MeanSquaredError,
)
"""The losses of handgrad: a training step computes each in one pass, and files name them."""
