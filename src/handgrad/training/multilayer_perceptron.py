"""A network of fully connected layers in one line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from handgrad.arrays import seeded
from handgrad.errors import SettingError
from handgrad.languages import Text
from handgrad.layers import ACTIVATIONS, FullyConnected
from handgrad.layers.initialization import INITIALIZERS
from handgrad.losses import SoftmaxCrossEntropy
from handgrad.network import Layer, Loss
from handgrad.training.network import Network
from handgrad.training.registry import named

ACTIVATIONS_BY_NAME = {kind.name: kind for kind in ACTIVATIONS}
LONGEST = 1_000_000
"""Wider layers are refused as typing errors."""


def multilayer(
    sizes: str | Sequence[int],
    *,
    activation: str = "relu",
    seed: int = 0,
    loss: Loss | None = None,
    weights: str | None = None,
    dtype: DTypeLike = np.float32,
) -> Network:
    """Fully connected layers of these sizes, an activation between every two, and a loss.

    Args:
        sizes: ``"784-800-10"`` or ``[784, 800, 10]``: inputs, hidden layers, outputs.
        activation: a name of `ACTIVATIONS_BY_NAME`, such as ``"relu"``.
        seed: of the random weights.
        loss: by default `SoftmaxCrossEntropy`.
        weights: their initializer, one of `INITIALIZERS`; by default the usual one of the activation,
            such as He's normal for ReLU.
        dtype: float32 or float64.

    Raises:
        SettingError: sizes that are none, or a name that is not known.

    >>> network = multilayer("784-800-10")
    >>> [type(layer).__name__ for layer in network.layers], network.parameters.size
    (['FullyConnected', 'Relu', 'FullyConnected'], 636010)
    """
    widths = sizes_of(sizes)
    between = named("activation", activation, ACTIVATIONS_BY_NAME)
    begin = named("weights", weights or between.weights, INITIALIZERS)
    rng, layers = seeded(seed), list[Layer]()
    for d_in, d_out in itertools.pairwise(widths):
        layers += [FullyConnected.create(d_in, d_out, rng, dtype=dtype, weights=begin), between()]
    return Network(layers[:-1], loss or SoftmaxCrossEntropy())


def sizes_of(sizes: str | Sequence[int]) -> list[int]:
    """The widths as numbers.

    Raises:
        SettingError: fewer than two, or one that is no whole number from 1.

    >>> sizes_of("784-800-10")
    [784, 800, 10]
    """
    if isinstance(sizes, str):
        widths = (
            [int(s) for s in sizes.split("-")] if re.fullmatch(r"[0-9]+(-[0-9]+)+", sizes) else []
        )
    else:
        widths = [int(s) for s in sizes]
    if len(widths) < 2 or not all(1 <= width <= LONGEST for width in widths):
        raise SettingError(
            Text(
                zh="层的大小要写成 784-800-10：输入、隐藏层、输出，至少两个正整数；收到的是 {got}。",
                en="write the sizes of the layers as 784-800-10: inputs, hidden layers, outputs, at "
                "least two whole numbers from 1; got {got}.",
            ).format(got=repr(sizes)[:80])
        )
    return widths
