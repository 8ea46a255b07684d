"""Networks to train in tests, and the ways to train them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from handgrad import FullyConnected, Network, Relu, SoftmaxCrossEntropy
from handgrad.arrays import seeded


def network_of(
    sizes: list[int],
    activation: Any = Relu,
    dtype: Any = np.float64,
    loss: Any = SoftmaxCrossEntropy,
    seed: int = 0,
) -> Network:
    """Fully connected layers of these sizes with activations between them."""
    rng, layers = seeded(seed), []
    for d_in, d_out in itertools.pairwise(sizes):
        layers += [FullyConnected.create(d_in, d_out, rng, dtype=dtype), activation()]
    return Network(layers[:-1], loss())


def step_by_hand(network: Network, x: Any, t: Any, optimizer: Any) -> float:
    """What train_step promises to compute, by the public forward and backward."""
    loss = network.loss_of(x, t)
    network.backward()
    optimizer.update(network.parameters, flat_gradient(network))
    return loss


def flat_gradient(network: Network) -> Any:
    """The gradients of the fully connected layers in the order of `network.parameters`."""
    held = [layer for layer in network.layers if isinstance(layer, FullyConnected)]
    return np.concatenate([array.ravel() for layer in held for array in (layer.dW, layer.db)])
