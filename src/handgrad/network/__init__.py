"""A chain of layers that ends in a loss, and its training step."""

from handgrad.network.network import Network
from handgrad.network.protocols import Layer, Loss, UpdateRule

__all__ = ["Layer", "Loss", "Network", "UpdateRule"]
