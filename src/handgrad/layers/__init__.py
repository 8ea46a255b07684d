"""The layers: each has ``forward`` and ``backward``, written by hand."""

from handgrad.errors import EngineError
from handgrad.kernels.activations import ACTIVATIONS as KERNELS
from handgrad.languages import Text
from handgrad.layers.activation import Activation
from handgrad.layers.fully_connected import FullyConnected
from handgrad.layers.relu import Relu
from handgrad.layers.sigmoid import Sigmoid

__all__ = ["ACTIVATIONS", "Activation", "FullyConnected", "Relu", "Sigmoid"]

ACTIVATIONS: tuple[type[Activation], ...] = (Relu, Sigmoid)
"""The activations of handgrad. Networks, files, estimators and the command line follow from it."""

for _name in sorted({kind.name for kind in ACTIVATIONS} ^ (KERNELS.keys() - {"none"})):
    raise EngineError(
        Text(
            zh="激活函数 {name} 必须同时在 handgrad.layers.ACTIVATIONS 和 "
            "handgrad.kernels.activations.ACTIVATIONS 中，现在只在其中一处。",
            en="the activation {name} must be in handgrad.layers.ACTIVATIONS and in "
            "handgrad.kernels.activations.ACTIVATIONS; it is in one of them only.",
        ).format(name=_name)
    )
