"""The reference answer: the package's own network, called the way the level calls it."""

from __future__ import annotations

from collections.abc import Sequence

from handgrad.arrays import Array, Labels
from handgrad.layers import FullyConnected, Relu, Sigmoid
from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
from handgrad.network import Layer, LayerChain, Loss

__all__ = [
    "FullyConnected",
    "MeanSquaredError",
    "Relu",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "ThreeLayerNetwork",
]


class ThreeLayerNetwork:
    """`LayerChain` behind the level's contract: one forward for output and loss."""

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.network = LayerChain(layers, loss)
        self.z3: Array | None = None

    def forward(self, x: Array, t: Labels) -> float:
        """The loss; keeps the output z3."""
        value = self.network.loss_of(x, t)
        self.z3 = self.network.output
        return value

    def backward(self) -> Array:
        """``∂l/∂x``."""
        return self.network.backward()
