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
    from handgrad import optimizers, training
    from handgrad.errors import BackwardWrong, CheckError, HandgradError
    from handgrad.gradcheck.adapters.numpy_function import Vjp
    from handgrad.gradcheck.check import assert_backward, check
    from handgrad.gradcheck.report.gradient_report import GradientReport
    from handgrad.layers import FullyConnected, Relu, Sigmoid
    from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
    from handgrad.training import Network

__version__ = "0.1.0"

_HOMES = {
    "BackwardWrong": "handgrad.errors",
    "CheckError": "handgrad.errors",
    "FullyConnected": "handgrad.layers",
    "GradientReport": "handgrad.gradcheck.report.gradient_report",
    "HandgradError": "handgrad.errors",
    "MeanSquaredError": "handgrad.losses",
    "Network": "handgrad.training.network",
    "Relu": "handgrad.layers",
    "Sigmoid": "handgrad.layers",
    "SoftmaxCrossEntropy": "handgrad.losses",
    "Vjp": "handgrad.gradcheck.adapters.numpy_function",
    "assert_backward": "handgrad.gradcheck.check",
    "check": "handgrad.gradcheck.check",
}

__all__ = [
    "BackwardWrong",
    "CheckError",
    "FullyConnected",
    "GradientReport",
    "HandgradError",
    "MeanSquaredError",
    "Network",
    "Relu",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Vjp",
    "__version__",
    "assert_backward",
    "check",
    "optimizers",
    "training",
]


if not TYPE_CHECKING:  # a type checker would take every misspelt name for one of ours

    def __getattr__(name: str) -> Any:
        if name in ("optimizers", "training"):
            return importlib.import_module(f"handgrad.{name}")
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'handgrad' has no attribute {name!r}")
        value = getattr(importlib.import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
