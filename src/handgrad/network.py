"""A chain of layers that ends in a loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from handgrad.arrays import Array, Labels, require_forward
from handgrad.errors import ShapeError
from handgrad.languages import Text


class Layer(Protocol):
    """Anything with a forward and a backward: ours, or one written by hand."""

    def forward(self, x: Array) -> Array:
        """The layer's output."""
        ...

    def backward(self, dout: Array) -> Array:
        """The gradient of the layer's input; parameter gradients are kept in the layer."""
        ...


class Loss(Protocol):
    """Anything that turns outputs and targets into one number, and knows its gradient."""

    def forward(self, z: Array, t: Labels) -> float:
        """The loss of outputs z and targets t."""
        ...

    def backward(self) -> Array:
        """``∂l/∂z`` of the last forward."""
        ...


class Network:
    r"""``l = L(f_k(… f_2(f_1(x)) …), t)``: layers in a row, and a loss.

    With fully connected layers f1, f2, f3 and activations g1, g2, g3::

        y1 = f1(x;  W1, b1)     z1 = g1(y1)
        y2 = f2(z1; W2, b2)     z2 = g2(y2)
        y3 = f3(z2; W3, b3)     z3 = g3(y3)        l = L(z3, t)

    backward is the chain rule from the loss to the input: each layer takes the gradient of its
    output and returns that of its input, so ``∂l/∂x = J1ᵀ … Jkᵀ ∂l/∂z``, evaluated from the right.

    Args:
        layers: any objects with ``forward(x)`` and ``backward(dout)``, in the order of forward.
        loss: an object with ``forward(z, t)`` → float and ``backward()`` → dz.

    Attributes:
        output: what the last forward returned; None before.

    Raises:
        ShapeError: no layers; and whatever a layer or the loss raises.
        OrderError: backward before loss_of.

    Source: D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by
    back-propagating errors*, Nature 323, 1986.

    >>> import numpy as np
    >>> from handgrad import FullyConnected, MeanSquaredError, Relu
    >>> network = Network(
    ...     [FullyConnected(np.array([[2.0]]), np.array([1.0])), Relu()], MeanSquaredError()
    ... )
    >>> x, t = np.array([[3.0]]), np.array([[5.0]])
    >>> network.forward(x)
    array([[7.]])
    >>> network.loss_of(x, t)
    4.0
    >>> network.backward()
    array([[8.]])
    >>> network.layers[0].dW
    array([[12.]])
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.layers = list(layers)
        self.loss = loss
        if not self.layers:
            raise ShapeError(
                Text(
                    zh="网络至少要有一层，收到的 layers 是空的。",
                    en="a network needs at least one layer; got an empty list of layers.",
                )
            )
        self.output: Array | None = None
        self._loss_value: float | None = None

    def forward(self, x: Array) -> Array:
        """The output of the last layer; each layer keeps what its backward needs."""
        for layer in self.layers:
            x = layer.forward(x)
        self.output = x
        self._loss_value = None
        return x

    def loss_of(self, x: Array, t: Labels) -> float:
        """The loss of the network's output for x against the targets t."""
        z = self.forward(x)
        self._loss_value = self.loss.forward(z, t)
        return self._loss_value

    def backward(self) -> Array:
        """``∂l/∂x`` in x's shape; every layer then holds the gradients of its parameters."""
        require_forward(self._loss_value, "Network", "loss_of(x, t)")
        dout = self.loss.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout
