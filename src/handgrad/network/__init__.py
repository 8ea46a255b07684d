"""A chain of layers that ends in a loss, and its training step."""

from handgrad.network.interfaces import Layer, Loss, UpdateRule
from handgrad.network.layer_chain import LayerChain

__all__ = ["Layer", "LayerChain", "Loss", "UpdateRule"]
