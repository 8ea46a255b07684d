"""A small classification and a small regression, and a network for each."""

from __future__ import annotations

from typing import Any

import numpy as np

from handgrad import MeanSquaredError
from handgrad.training import Network, multilayer


def classification(rng: np.random.Generator, count: int = 90, inputs: int = 6) -> tuple[Any, Any]:
    """Three classes that straight lines tell apart."""
    x = rng.normal(size=(count, inputs))
    return x, (x[:, :3]).argmax(axis=1)


def regression(rng: np.random.Generator, count: int = 90, inputs: int = 6) -> tuple[Any, Any]:
    """Two smooth functions of the inputs."""
    x = rng.normal(size=(count, inputs))
    return x, np.stack([np.tanh(x[:, 0] - x[:, 1]), np.abs(x[:, 2])], axis=1)


def classifier(dtype: Any = np.float64, seed: int = 1) -> Network:
    """For `classification`."""
    return multilayer("6-16-3", seed=seed, dtype=dtype)


def regressor(dtype: Any = np.float64, seed: int = 1) -> Network:
    """For `regression`."""
    return multilayer("6-16-2", seed=seed, dtype=dtype, loss=MeanSquaredError())
