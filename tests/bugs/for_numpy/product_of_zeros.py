"""The gradient of a product is the product over x, which is no number where x is 0."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text


def forward(x):
    """y = Π x, along the last axis."""
    return np.prod(x, axis=-1)


def wrong_backward(dout, x):
    with np.errstate(all="ignore"):
        return (dout * forward(x))[..., None] / x


def right_backward(dout, x):
    """dx_i = dout · Π_{j≠i} x_j."""
    n = x.shape[-1]
    others = np.broadcast_to(x[..., None, :], (*x.shape, n)).copy()
    others[..., np.arange(n), np.arange(n)] = 1.0
    return dout[..., None] * np.prod(others, axis=-1)


def with_a_zero(rng):
    x = rng.normal(size=(3, 4))
    x[1, 0] = 0.0
    return (x,)


BUG = Bug(
    thread="https://github.com/tinygrad/tinygrad/pull/17404",
    what=Text(
        zh="乘积的梯度写成 y / x：有一个输入为 0 时，那里的梯度是 NaN。",
        en="The gradient of a product is written y / x: where an input is 0 it is NaN.",
    ),
    kind="special-point",
    place="numpy",
    wrong=lambda: Pair(forward, wrong_backward),
    right=lambda: Pair(forward, right_backward),
    ordinary=gaussian((3, 4)),
    at=with_a_zero,
)
