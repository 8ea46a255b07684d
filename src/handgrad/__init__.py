"""Backpropagation written by hand: the layers, and a judge that says whether yours are right.

>>> import handgrad
>>> handgrad.Relu().forward([-1.0, 2.0])
array([0., 2.])

Nothing is imported until it is used, so that the command line starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handgrad import optimizers
    from handgrad.errors import HandgradError
    from handgrad.layers import FullyConnected, Relu, Sigmoid
    from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
    from handgrad.network import Network

__version__ = "0.1.0"

_HOMES = {
    "FullyConnected": "handgrad.layers",
    "HandgradError": "handgrad.errors",
    "MeanSquaredError": "handgrad.losses",
    "Network": "handgrad.network",
    "Relu": "handgrad.layers",
    "Sigmoid": "handgrad.layers",
    "SoftmaxCrossEntropy": "handgrad.losses",
}

__all__ = [
    "FullyConnected",
    "HandgradError",
    "MeanSquaredError",
    "Network",
    "Relu",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "__version__",
    "optimizers",
]


if not TYPE_CHECKING:  # a type checker would take every misspelt name for one of ours

    def __getattr__(name: str) -> Any:
        if name == "optimizers":
            return importlib.import_module("handgrad.optimizers")
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'handgrad' has no attribute {name!r}")
        value = getattr(importlib.import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
