"""The network that users train: a chain of layers with fit, predict, evaluate, save and load."""

from __future__ import annotations

from pathlib import Path

from handgrad.arrays import Array, Labels
from handgrad.network import LayerChain, UpdateRule
from handgrad.training.early_stopping import EarlyStopping
from handgrad.training.evaluation import Evaluation, evaluate, predict
from handgrad.training.fitting import Validation, fit
from handgrad.training.history import History
from handgrad.training.network_file import load_network, save_network
from handgrad.training.progress import Watcher
from handgrad.training.schedules import Schedule


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

    def fit(
        self,
        x: Array,
        t: Labels,
        epochs: int = 10,
        batch_size: int = 128,
        optimizer: UpdateRule | str | None = None,
        *,
        validation: Validation = None,
        schedule: Schedule | None = None,
        early_stopping: EarlyStopping | int | None = None,
        seed: int = 0,
        checkpoint: Path | str | None = None,
        resume: bool = False,
        checkpoint_every: float = 30.0,
        progress: bool | Watcher | None = None,
    ) -> History:
        """Train on samples x with targets t; everything is said at `handgrad.training.fit`.

        >>> from handgrad.training import multilayer
        >>> from handgrad.training.datasets import digits
        >>> data = digits()
        >>> network = multilayer("64-32-10")
        >>> history = network.fit(data.x, data.t, epochs=20, batch_size=32)
        >>> network.evaluate(data.x_test, data.t_test).accuracy > 0.9
        True
        """
        return fit(
            self,
            x,
            t,
            epochs,
            batch_size,
            optimizer,
            validation=validation,
            schedule=schedule,
            early_stopping=early_stopping,
            seed=seed,
            checkpoint=checkpoint,
            resume=resume,
            checkpoint_every=checkpoint_every,
            progress=progress,
        )

    def predict(self, x: Array) -> Array:
        """What the network gives for samples ``(N, …)`` → ``(N, D_out)``, a part at a time."""
        return predict(self, x)

    def evaluate(self, x: Array, t: Labels) -> Evaluation:
        """Loss and accuracy on samples x with targets t."""
        return evaluate(self, x, t)

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
