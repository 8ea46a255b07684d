"""A layer that is not handgrad's own in a training step: called as it is, and named when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from handgrad.arrays import Array
from handgrad.errors import HandgradError, ShapeError
from handgrad.languages import Text, preferred_language
from handgrad.network.interfaces import Layer


class CustomLayerStage:
    """A layer and the gradients of the parameters that it names.

    An exception of its code is raised unchanged, with a note that names the layer, the shape it was
    given and the layer before: NumPy's own message for shapes that do not fit names none of them.
    """

    def __init__(self, index: int, layer: Layer, gradients: dict[str, Array]) -> None:
        self.index, self.layer, self.gradients = index, layer, gradients
        self.name = f"{type(layer).__name__} (layers[{index}])"

    def forward(self, x: Array, before: str) -> Array:
        """The layer's own forward; `before` is what gave x."""
        self.shape = np.shape(x)
        with self._named("forward", self.shape, before):
            return self.layer.forward(x)

    def backward(self, dout: Array) -> Array:
        """The layer's own backward; the gradients that it sets are copied into the flat array.

        Raises:
            ShapeError: it sets no gradient, or one of another shape, for a parameter that it names;
                or it returns no gradient of its input. The first layer of all may return anything.
        """
        with self._named("backward", np.shape(dout), None):
            dx = self.layer.backward(dout)
        for name, gradient in self.gradients.items():
            made = getattr(self.layer, f"d{name}", None)
            if made is None or np.shape(made) != gradient.shape:
                raise ShapeError(
                    Text(
                        zh="{layer} 的参数 {name} 形状是 {shape}，它的 backward 必须把同样形状的梯度"
                        "存进 self.d{name}；得到的是 {made}。",
                        en="{layer} has a parameter {name} of shape {shape}, and its backward must store a "
                        "gradient of that shape in self.d{name}; got {made}.",
                    ).format(
                        layer=self.name, name=name, shape=gradient.shape, made=_description(made)
                    )
                )
            gradient[...] = made
        if self.index and (dx is None or np.size(dx) != np.prod(self.shape, dtype=int)):
            raise ShapeError(
                Text(
                    zh="{layer} 的 backward 必须返回输入梯度 dx，形状与它的输入 {shape} 相同；"
                    "得到的是 {made}。",
                    en="the backward of {layer} must return dx, the gradient of its input, of the input's "
                    "shape {shape}; got {made}.",
                ).format(layer=self.name, shape=self.shape, made=_description(dx))
            )
        return dx

    @contextmanager
    def _named(self, method: str, shape: tuple[int, ...], before: str | None) -> Iterator[None]:
        try:
            yield
        except HandgradError:
            raise  # its message is complete
        except Exception as error:
            note = Text(
                zh="这是 {layer} 的 {method}，它收到的形状是 {shape}{source}。",
                en="This was raised in {method} of {layer}, which was given shape {shape}{source}.",
            )
            source = Text(zh="，来自 {before}", en=" by {before}") if before else Text("", "")
            filled = note.format(
                layer=self.name, method=method, shape=shape, source=source.format(before=before)
            )
            error.add_note(filled[preferred_language()])
            raise


def _description(made: Any) -> Text:
    if made is None:
        return Text(zh="None", en="None")
    return Text(zh="形状 {shape}", en="shape {shape}").format(shape=np.shape(made))
