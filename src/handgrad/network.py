"""A chain of layers that ends in a loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from handgrad.arrays import Array, Labels, require_forward
from handgrad.errors import ChainError
from handgrad.languages import Text


class Layer(Protocol):
    """Anything with a forward and a backward: ours, or one written by hand.

    A layer may name its parameters in an attribute ``parameter_names: tuple[str, ...]``; a
    `Network` then holds them in its flat buffer.
    """

    def forward(self, x: Array, /) -> Array:
        """The layer's output."""
        ...

    def backward(self, dout: Array, /) -> Array:
        """The gradient of the layer's input; parameter gradients are kept in the layer."""
        ...


class Loss(Protocol):
    """Anything that turns outputs and targets into one number, and knows its gradient."""

    def forward(self, z: Array, t: Labels, /) -> float:
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
        layers: objects with ``forward(x)`` and ``backward(dout)``, in the order of forward; each
            object once, as it keeps what its own backward needs.
        loss: an object with ``forward(z, t)`` → float and ``backward()`` → dz.

    Attributes:
        layers, loss: what was given.
        parameters: one flat array ``(P,)`` into which the parameters of all layers are copied, in
            order. ``layer.W`` and ``layer.b`` then are views of it, and the arrays that the layer
            was made with are left alone. Update in place, ``layer.W -= …`` or
            ``network.parameters -= …``: an array that is assigned to ``layer.W`` stands outside.
            Layers that name no ``parameter_names`` keep their own arrays.
        output: what the last forward returned; None before. No later call overwrites it or what
            backward returns, unless a layer written by hand does.

    The dtype is that of the layers; where parameters differ in dtype, all of them take NumPy's
    promotion. The reduction over the batch (sum or mean) is that of the loss.

    Raises:
        ChainError: no layers, or one object twice.
        OrderError: backward before loss_of.
        ShapeError, DtypeError, LabelError: what a layer or the loss raises.

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
    >>> network.parameters
    array([2., 1.])
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss) -> None:
        self.layers = list(layers)
        self.loss = loss
        _require_chain(self.layers)
        self.parameters = _gather_parameters(self.layers)
        self.output: Array | None = None
        self._loss_value: float | None = None

    def forward(self, x: Array) -> Array:
        """The output of the last layer; each layer keeps what its backward needs."""
        self._loss_value = None  # whatever happens below, the loss is not that of this x
        for layer in self.layers:
            x = layer.forward(x)
        self.output = x
        return x

    def loss_of(self, x: Array, t: Labels) -> float:
        """The loss of the network's output for x against the targets t."""
        z = self.forward(x)
        self._loss_value = float(self.loss.forward(z, t))
        return self._loss_value

    def backward(self) -> Array:
        """``∂l/∂x`` in x's shape; every layer then holds the gradients of its parameters."""
        require_forward(self._loss_value, "Network", "loss_of(x, t)")
        dout = self.loss.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout


def _require_chain(layers: list[Layer]) -> None:
    """Raise a `ChainError` unless there are layers, each a different object."""
    if not layers:
        raise ChainError(
            Text(
                zh="网络至少要有一层，收到的 layers 是空的。",
                en="a network needs at least one layer; got no layers.",
            )
        )
    for i, layer in enumerate(layers):
        for j in range(i):
            if layers[j] is layer:
                raise ChainError(
                    Text(
                        zh="每一层都要保存自己的 backward 所需的数组，所以同一个对象只能出现一次；"
                        "layers[{j}] 和 layers[{i}] 是同一个 {name}。请为每个位置新建一个对象。",
                        en="each layer keeps what its own backward needs, so an object can stand in "
                        "a network only once; layers[{j}] and layers[{i}] are the same {name}. "
                        "Make a new one for each place.",
                    ).format(i=i, j=j, name=type(layer).__name__)
                )


def _gather_parameters(layers: list[Layer]) -> Array:
    """Copy all parameters into one flat array, and leave each layer with views of it."""
    named = list(_named_parameters(layers))
    dtype = np.result_type(*(array for _, _, array in named)) if named else np.dtype(np.float64)
    buffer = np.empty(sum(array.size for _, _, array in named), dtype)
    start = 0
    for layer, name, array in named:
        view = buffer[start : start + array.size].reshape(array.shape)
        view[...] = array
        setattr(layer, name, view)
        start += array.size
    return buffer


def _named_parameters(layers: list[Layer]) -> Iterator[tuple[Layer, str, Array]]:
    for layer in layers:
        for name in getattr(layer, "parameter_names", ()):
            yield layer, name, getattr(layer, name)
