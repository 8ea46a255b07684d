"""Outside opinions on a gradient: numerical differentiation, and PyTorch where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP = 1e-4
"""Truncation (h⁴) and round-off (1e-16 / h) both stay far below 1e-8."""


def directional_derivative(f: Callable[[Array], float], at: Array, direction: Array) -> float:
    """Central difference of fourth order of f along a direction."""
    near = f(at + STEP * direction) - f(at - STEP * direction)
    far = f(at + 2 * STEP * direction) - f(at - 2 * STEP * direction)
    return (8 * near - far) / (12 * STEP)


def assert_gradient(
    f: Callable[[Array], float], at: Array, gradient: Array, rng: np.random.Generator
) -> None:
    """The gradient agrees with f along eight random Gaussian directions."""
    assert gradient.shape == at.shape
    for _ in range(8):
        direction = rng.normal(size=at.shape)
        expected = directional_derivative(f, at, direction)
        received = float(np.sum(gradient * direction))
        assert abs(received - expected) <= 1e-8 * max(1.0, abs(expected)), (received, expected)


def torch_or_skip() -> Any:
    """PyTorch, or a skip that says what is missing."""
    return pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
