"""Networks as estimators of scikit-learn: in pipelines, grid searches, cross-validation.

Needs the extra ``[train]``. Both pass scikit-learn's own ``check_estimator``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MultiOutputMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
from handgrad.network import Loss
from handgrad.optimizers import Modified, Optimizer
from handgrad.optimizers.weight_decay import Decayed
from handgrad.training.early_stopping import EarlyStopping
from handgrad.training.evaluation import predict
from handgrad.training.fitting import fit
from handgrad.training.multilayer_perceptron import multilayer
from handgrad.training.registry import SCHEDULES, named, optimizer_named

LARGEST_SEED = 2**31 - 1


class _Multilayer(BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """The base of the classifier and the regressor."""

    def __init__(
        self,
        hidden_layers: Sequence[int] = (100,),
        *,
        activation: str = "relu",
        optimizer: str = "adam",
        learning_rate: float = 1e-3,
        schedule: str = "constant",
        weight_decay: float = 0.0,
        batch_size: int = 128,
        epochs: int = 200,
        validation: float | None = None,
        patience: int | None = None,
        random_state: Any = None,
    ) -> None:
        self.hidden_layers = hidden_layers
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation = validation
        self.patience = patience
        self.random_state = random_state

    def _fit(self, X: NDArray[Any], t: NDArray[Any], outputs: int, loss: Loss) -> None:
        """Make the network and train it; a batch is never larger than the data."""
        seed = int(check_random_state(self.random_state).randint(LARGEST_SEED))
        sizes = [X.shape[1], *self.hidden_layers, outputs]
        self.network_ = multilayer(
            sizes, activation=self.activation, seed=seed, loss=loss, dtype=X.dtype
        )
        rule: Optimizer | Modified = optimizer_named(
            self.optimizer, learning_rate=self.learning_rate
        )
        if self.weight_decay:
            rule = Decayed(rule, self.weight_decay)
        held_back = round((self.validation or 0) * len(X))
        self.history_ = fit(
            self.network_,
            X,
            t,
            self.epochs,
            max(1, min(self.batch_size, len(X) - held_back)),
            rule,
            validation=self.validation,
            schedule=named("schedule", self.schedule, SCHEDULES)(),
            early_stopping=None if self.patience is None else EarlyStopping(self.patience),
            seed=seed,
            progress=False,
        )
        self.n_iter_ = len(self.history_.epochs)

    def _scores(self, X: Any) -> NDArray[Any]:
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=[np.float64, np.float32])
        return predict(self.network_, X)


class MLPClassifier(ClassifierMixin, _Multilayer):  # type: ignore[misc] # scikit-learn has no types
    """A multilayer network for classification; the labels may be of any type.

    Args:
        hidden_layers: their widths.
        activation: a name that `multilayer` takes, such as ``"relu"``.
        optimizer, learning_rate: a name of `handgrad.training.registry.OPTIMIZERS`, and its η.
        schedule: ``"constant"``, ``"cosine"`` or ``"linear"``.
        weight_decay: λ of `Decayed`; 0 for none.
        batch_size: samples a step; fewer where there are fewer.
        epochs: how often to go through the samples.
        validation, patience: the share held back, and after how many epochs without improvement on it
            training stops; None for neither.
        random_state: an int repeats a training.

    Attributes:
        network_: the trained network.
        history_: the results of each epoch.
        classes_: the labels, sorted.
        n_features_in_, n_iter_: how many numbers a sample has, and epochs there were.

    Raises:
        ValueError: data that scikit-learn does not take; settings that handgrad does not.

    >>> from handgrad.training.datasets import digits
    >>> data = digits()
    >>> model = MLPClassifier((40,), epochs=30, random_state=0).fit(data.x, data.t)
    >>> model.score(data.x_test, data.t_test) > 0.9
    True
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Train on samples ``(N, D_in)`` with labels ``(N,)``."""
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32])
        check_classification_targets(y)
        self.classes_, t = np.unique(y, return_inverse=True)
        self._fit(X, t, len(self.classes_), SoftmaxCrossEntropy())
        return self

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """``(N, D_in)`` → probabilities ``(N, C)``, in the order of `classes_`."""
        z = self._scores(X)
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)
        return z

    def predict(self, X: Any) -> NDArray[Any]:
        """``(N, D_in)`` → the most probable labels ``(N,)``."""
        best = self._scores(X).argmax(axis=1)
        return self.classes_[best]


class MLPRegressor(MultiOutputMixin, RegressorMixin, _Multilayer):  # type: ignore[misc] # scikit-learn has no types
    """A multilayer network that predicts numbers by the mean squared error.

    The targets are taken as they are: bring them to a scale of about 1 for a good start.

    Args, attributes and errors: those of `MLPClassifier`, without `classes_`.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(300, 2))
    >>> model = MLPRegressor((50,), learning_rate=0.01, random_state=0).fit(X, X[:, 0] * X[:, 1])
    >>> model.score(X, X[:, 0] * X[:, 1]) > 0.95
    True
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Train on samples ``(N, D_in)`` with numbers ``(N,)`` or ``(N, D_out)``."""
        X, y = validate_data(
            self, X, y, dtype=[np.float64, np.float32], multi_output=True, y_numeric=True
        )
        self._flat = y.ndim == 1
        t = y.reshape(len(y), -1).astype(X.dtype)
        self._fit(X, t, t.shape[1], MeanSquaredError())
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """``(N, D_in)`` → ``(N,)`` or ``(N, D_out)``, as the targets were."""
        z = self._scores(X)
        return z[:, 0] if self._flat else z
