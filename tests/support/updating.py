"""An optimizer beside PyTorch's and beside its formula written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from support.oracles import torch_or_skip

from handgrad.optimizers import Modified, Optimizer

STEPS = 25


def assert_agrees_with_torch(
    rng: np.random.Generator,
    make: Callable[[], Optimizer | Modified],
    make_theirs: Callable[[Any, list[Any]], Any],
) -> None:
    """The same parameters after the same random gradients, in both dtypes."""
    torch = torch_or_skip()
    for dtype, tolerance in ((np.float64, 1e-13), (np.float32, 1e-6)):
        ours, optimizer = rng.normal(size=50).astype(dtype), make()
        theirs = torch.tensor(ours.copy(), requires_grad=True)
        oracle = make_theirs(torch.optim, [theirs])
        for _ in range(STEPS):
            gradient = rng.normal(size=50).astype(dtype)
            theirs.grad = torch.tensor(gradient)
            oracle.step()
            optimizer.update(ours, gradient)
            received = theirs.detach().numpy()
            np.testing.assert_allclose(ours, received, rtol=tolerance, atol=tolerance)
        assert ours.dtype == dtype
        assert optimizer.steps == STEPS
        assert all(array.dtype == dtype for array in optimizer.state)
