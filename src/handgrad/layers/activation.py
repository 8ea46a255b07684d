"""What every activation layer has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from handgrad.arrays import Array


class Activation(ABC):
    """A layer without parameters that applies one function to every entry.

    Attributes:
        name: its name in `handgrad.kernels.activations`, on the command line and in the estimators.
        onnx_operator: the ONNX operator that computes it.
        weights: the usual initializer of the fully connected layer before it, one of `INITIALIZERS`.
    """

    name: ClassVar[str]
    onnx_operator: ClassVar[str]
    weights: ClassVar[str]

    @abstractmethod
    def forward(self, x: Array) -> Array:
        """Any shape → the same shape."""

    @abstractmethod
    def backward(self, dout: Array) -> Array:
        """``dout`` of forward's shape → ``dx`` of the same shape."""
