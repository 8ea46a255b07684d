"""The reference answer: the package's own layer."""

from handgrad.layers import FullyConnected

__all__ = ["FullyConnected"]
