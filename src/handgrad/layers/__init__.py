"""The layers: each has ``forward`` and ``backward``, written by hand."""

from handgrad.layers.fully_connected import FullyConnected
from handgrad.layers.relu import Relu
from handgrad.layers.sigmoid import Sigmoid

__all__ = ["FullyConnected", "Relu", "Sigmoid"]
