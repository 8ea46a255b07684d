"""The parameters of a chain of layers in one flat array, and checks of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.arrays import Array
from handgrad.errors import ChainError, ShapeError
from handgrad.languages import Text, name_list
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.network.interfaces import Layer


@dataclass(frozen=True)
class Parameter:
    """One parameter of a layer, and its place in the flat array.

    Attributes:
        layer: the layer, which is ``layers[index]``.
        name: the attribute that holds it.
        view: what the attribute holds: a view of the flat array.
        start: where it begins there.
    """

    layer: Layer
    index: int
    name: str
    view: Array
    start: int

    def within(self, flat: Array) -> Array:
        """The same place in another flat array, in the parameter's shape."""
        return flat[self.start : self.start + self.view.size].reshape(self.view.shape)


def require_chain(layers: Sequence[Layer]) -> None:
    """Raise unless there are layers, each a different object, whose sizes fit each other.

    Raises:
        ChainError: no layers, one object twice, or one without forward or backward.
        ShapeError: what a layer gives is not what the next one takes; the message names both.
    """
    if not layers:
        raise ChainError(
            Text(
                zh="网络至少要有一层，收到的 layers 是空的。",
                en="a network needs at least one layer; got no layers.",
            )
        )
    for i, layer in enumerate(layers):
        _require_methods(i, layer)
        for j in range(i):
            if layers[j] is layer:
                raise ChainError(
                    Text(
                        zh="每一层都要保存自己的 backward 所需的数组，所以同一个对象只能出现一次；"
                        "layers[{j}] 和 layers[{i}] 是同一个 {name}。请为每个位置新建一个对象。",
                        en="each layer stores what its own backward needs, so an object can be used in "
                        "a network only once; layers[{j}] and layers[{i}] are the same {name}. "
                        "Make a new one for each place.",
                    ).format(i=i, j=j, name=type(layer).__name__)
                )
    _require_sizes(layers)


def _require_methods(index: int, layer: object) -> None:
    """Raise a `ChainError` for a layer that has no forward or no backward, or is a class."""
    missing = [name for name in ("forward", "backward") if not callable(getattr(layer, name, None))]
    if isinstance(layer, type):
        raise ChainError(
            Text(
                zh="layers[{index}] 是类 {name} 本身；网络需要它的一个对象，例如 {name}()。",
                en="layers[{index}] is the class {name} itself; a network needs an object of it, such as "
                "{name}().",
            ).format(index=index, name=layer.__name__)
        )
    if missing:
        raise ChainError(
            Text(
                zh="每一层都要有 forward 和 backward；layers[{index}]（{name}）没有 {missing}。",
                en="every layer has a forward and a backward; layers[{index}] ({name}) has no {missing}.",
            ).format(index=index, name=type(layer).__name__, missing=name_list(missing))
        )


def _require_sizes(layers: Sequence[Layer]) -> None:
    """Raise a `ShapeError` where two fully connected layers of ours do not fit each other."""
    before: tuple[int, FullyConnected] | None = None
    for i, layer in enumerate(layers):
        if type(layer) is FullyConnected:
            if before is not None and before[1].W.shape[1] != layer.W.shape[0]:
                raise ShapeError(
                    Text(
                        zh="layers[{j}] 给出每个样本 {given} 个数（W 的形状是 {W1}），"
                        "而 layers[{i}] 要接收 {taken} 个数（W 的形状是 {W2}）：两者必须相等。",
                        en="layers[{j}] gives {given} numbers a sample (W of shape {W1}), and "
                        "layers[{i}] takes {taken} (W of shape {W2}): the two must be equal.",
                    ).format(
                        j=before[0],
                        i=i,
                        given=before[1].W.shape[1],
                        taken=layer.W.shape[0],
                        W1=before[1].W.shape,
                        W2=layer.W.shape,
                    )
                )
            before = (i, layer)
        elif type(layer) not in ACTIVATIONS:  # its output size is unknown
            before = None


def gather(layers: Sequence[Layer]) -> tuple[Array, tuple[Parameter, ...]]:
    """Copy all parameters into one flat array, and leave each layer with views of it."""
    named = [
        (index, layer, name)
        for index, layer in enumerate(layers)
        for name in getattr(layer, "parameter_names", ())
    ]
    arrays = [np.asarray(getattr(layer, name)) for _, layer, name in named]
    dtype = np.result_type(*arrays) if arrays else np.dtype(np.float64)
    flat = aligned((sum(array.size for array in arrays),), dtype)
    start, parameters = 0, []
    for (index, layer, name), array in zip(named, arrays, strict=True):
        view = flat[start : start + array.size].reshape(array.shape)
        view[...] = array
        setattr(layer, name, view)
        parameters.append(Parameter(layer, index, name, view, start))
        start += array.size
    return flat, tuple(parameters)


def require_held(parameters: Sequence[Parameter]) -> None:
    """Raise a `ChainError` where a layer no longer holds its view of the flat array."""
    for parameter in parameters:
        if getattr(parameter.layer, parameter.name) is not parameter.view:
            raise ChainError(
                Text(
                    zh="layers[{index}].{name} 被换成了另一个数组，train_step 不会训练它。"
                    "请写入原来的数组：layer.{name}[...] = 新的值。",
                    en="layers[{index}].{name} was replaced by another array, which train_step would "
                    "not train. Write into the one that was there: layer.{name}[...] = new values.",
                ).format(index=parameter.index, name=parameter.name)
            )


def aligned(shape: tuple[int, ...], dtype: np.dtype[np.floating]) -> Array:
    """An array of zeros that begins at a cache line."""
    count = int(np.prod(shape))
    room = np.zeros(count * dtype.itemsize + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + count * dtype.itemsize].view(dtype).reshape(shape)
