"""The network that users train: a chain of layers with fit, predict, evaluate, save and load."""

from __future__ import annotations

from pathlib import Path

from handgrad.network import LayerChain
from handgrad.training import evaluation, fitting
from handgrad.training.network_file import load_network, save_network


class Network(LayerChain):
    r"""A chain of layers that ends in a loss: ``l = L(f_k(… f_1(x) …), t)``, and how it is trained.

    It inherits ``forward``, ``backward`` and ``train_step`` from `handgrad.network.LayerChain`, which
    documents them, and adds `fit`, `predict`, `evaluate`, `save` and `load`.

    Args:
        layers: objects with ``forward(x)`` and ``backward(dout)``, in the order of forward.
        loss: an object with ``forward(z, t)`` → float and ``backward()`` → dz.

    >>> import numpy as np
    >>> from handgrad import FullyConnected, MeanSquaredError
    >>> network = Network([FullyConnected(np.zeros((1, 1)), np.zeros(1))], MeanSquaredError())
    >>> x = np.linspace(-1, 1, 64)[:, None]
    >>> history = network.fit(x, 3 * x, epochs=50, batch_size=16, optimizer="momentum")
    >>> network.predict(np.array([[2.0]])).round(2)
    array([[6.]])
    """

    fit = fitting.fit
    predict = evaluation.predict
    evaluate = evaluation.evaluate

    def save(self, path: Path | str) -> None:
        """Write the network as safetensors; see `handgrad.training.network_file`.

        Raises:
            FileError: a layer or a loss that is not ours, or a file that cannot be written.
        """
        save_network(self, path)

    @classmethod
    def load(cls, path: Path | str) -> Network:
        """The network in a file that `save` has written.

        Raises:
            FileError: no such file, damaged, cut short, or not a saved network.
        """
        layers, loss, _ = load_network(path)
        return cls(layers, loss)
