"""What a network takes as layers, loss and optimizer: anything with these methods."""

from __future__ import annotations

from typing import Protocol

from handgrad.arrays import Array, Labels


class Layer(Protocol):
    """Anything with a forward and a backward: ours, or one written by hand.

    A layer may name its parameters in an attribute ``parameter_names: tuple[str, ...]``; a
    `Network` then holds them in its flat buffer, and `Network.train_step` takes the gradient of a
    parameter ``W`` from the attribute ``dW``.
    """

    def forward(self, x: Array, /) -> Array:
        """The layer's output."""

    def backward(self, dout: Array, /) -> Array:
        """The gradient of the layer's input; parameter gradients are stored in the layer."""


class Loss(Protocol):
    """Anything that turns outputs and targets into one number, and knows its gradient."""

    def forward(self, z: Array, t: Labels, /) -> float:
        """The loss of outputs z and targets t."""

    def backward(self) -> Array:
        """``∂l/∂z`` of the last forward."""


class UpdateRule(Protocol):
    """Anything that changes parameters by their gradient: `handgrad.optimizers`, or your own."""

    def update(self, parameters: Array, gradient: Array, /) -> None:
        """One step: changes the flat `parameters` in place."""
