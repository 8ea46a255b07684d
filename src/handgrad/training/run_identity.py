"""What identifies a training run: two runs with the same description are bit-identical."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.errors import OptimizerError
from handgrad.languages import Text
from handgrad.network import LayerChain, UpdateRule
from handgrad.optimizers import Modified, Optimizer

KEPT_ELSEWHERE = ("steps", "state", "optimizer", "_room")
"""Attributes of an optimizer that are no settings."""


def describe_network(network: LayerChain) -> dict[str, Any]:
    """Layers with the shapes of their parameters, the loss, and the dtype."""
    layers = []
    for layer in network.layers:
        names = getattr(layer, "parameter_names", ())
        shapes = [list(np.shape(getattr(layer, name))) for name in names]
        layers.append([type(layer).__name__, *shapes])
    return {
        "layers": layers,
        "loss": type(network.loss).__name__,
        "dtype": network.parameters.dtype.name,
    }


def describe_optimizer(optimizer: UpdateRule) -> list[dict[str, Any]]:
    """The optimizer and those inside it, with their settings.

    Raises:
        OptimizerError: it is not one of ours, so its state is unknown.
    """
    if not isinstance(optimizer, Optimizer | Modified):
        raise OptimizerError(
            Text(
                zh="检查点只能保存 handgrad.optimizers 的优化器的状态，收到的是 {name}。请去掉 checkpoint，或换一个优化器。",
                en="a checkpoint can store the state of optimizers of handgrad.optimizers only; got {name}. "
                "Leave out checkpoint, or use another optimizer.",
            ).format(name=type(optimizer).__name__)
        )
    settings = {k: v for k, v in vars(optimizer).items() if k not in KEPT_ELSEWHERE}
    inside = describe_optimizer(optimizer.optimizer) if isinstance(optimizer, Modified) else []
    return [{"kind": type(optimizer).__name__, **settings}, *inside]


def describe_array(array: NDArray[Any]) -> str:
    """Shape, dtype and a checksum.

    >>> describe_array(np.zeros(3))
    '(3,) float64 2747386400'
    """
    return f"{array.shape} {array.dtype} {zlib.crc32(np.ascontiguousarray(array).data)}"


def innermost_optimizer(optimizer: UpdateRule) -> Optimizer | None:
    """The optimizer inside all modifiers, which holds the state; None where it is not one of ours."""
    while isinstance(optimizer, Modified):
        optimizer = optimizer.optimizer
    return optimizer if isinstance(optimizer, Optimizer) else None
