"""Predictions of a network, and its loss and accuracy on data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handgrad.arrays import Array, Labels
from handgrad.network import LayerChain
from handgrad.network.step_arguments import takes_class_numbers

ROWS = 1024
"""Samples at a time: their activations stay small beside the data."""


@dataclass(frozen=True)
class Evaluation:
    """How well a network does on some data.

    Attributes:
        loss: the mean loss.
        accuracy: the share of samples whose class has the largest score; None for a regression.
        wrong: how many samples have another class; None for a regression.
        count: how many samples there are.
    """

    loss: float
    accuracy: float | None
    wrong: int | None
    count: int


def predict(network: LayerChain, x: Array) -> Array:
    """What the network gives for each sample ``(N, …)`` → ``(N, D_out)``, in an array of its own.

    >>> from handgrad import FullyConnected, Network, SoftmaxCrossEntropy
    >>> layer = FullyConnected(np.array([[1.0, 2.0]]), np.array([0.0, 1.0]))
    >>> predict(Network([layer], SoftmaxCrossEntropy()), np.array([[3.0]]))
    array([[3., 7.]])
    """
    x = np.asarray(x)
    starts = range(0, max(1, len(x)), ROWS)
    parts = [network.forward(_in_its_dtype(network, x[i : i + ROWS])).copy() for i in starts]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def evaluate(network: LayerChain, x: Array, t: Labels) -> Evaluation:
    """Loss and accuracy of the network on samples x ``(N, …)`` with targets t.

    The loss is the mean over samples, as those of `handgrad.losses` are; that of a loss written by
    hand is the mean of its values on parts of 1024 samples, by their sizes.

    Raises:
        ShapeError, LabelError, DtypeError: what a layer or the loss raises.

    >>> from handgrad import FullyConnected, Network, SoftmaxCrossEntropy
    >>> layer = FullyConnected(np.array([[1.0, -1.0]]), np.zeros(2))
    >>> network = Network([layer], SoftmaxCrossEntropy())
    >>> evaluate(network, np.array([[3.0], [-2.0]]), np.array([0, 0])).accuracy
    0.5
    """
    t = np.asarray(t)
    is_classifier = takes_class_numbers(network.loss)
    total, wrong = 0.0, 0
    with np.errstate(over="ignore", invalid="ignore"):  # a loss that is not finite says so
        for i in range(0, len(x), ROWS):
            part, targets = _in_its_dtype(network, x[i : i + ROWS]), t[i : i + ROWS]
            total += network.loss_of(part, targets) * len(part)
            if is_classifier and network.output is not None:
                classes = targets if targets.ndim == 1 else targets.argmax(axis=1)
                wrong += int((network.output.argmax(axis=1) != classes).sum())
    count = len(x)
    loss = total / count if count else 0.0
    if not is_classifier:
        return Evaluation(loss, None, None, count)
    return Evaluation(loss, 1 - wrong / count if count else 1.0, wrong, count)


def _in_its_dtype(network: LayerChain, x: Array) -> Array:
    """Samples in the dtype of the parameters, so that float32 is computed in float32."""
    return np.asarray(x).astype(network.parameters.dtype, copy=False)
