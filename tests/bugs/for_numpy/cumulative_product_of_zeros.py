"""The gradient of a cumulative product divides by the input, and calls 0/0 zero."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text


def forward(x):
    """y_k = x_1 · … · x_k, along the last axis."""
    return np.cumprod(x, axis=-1)


def wrong_backward(dout, x):
    summed = np.cumsum((dout * forward(x))[..., ::-1], axis=-1)[..., ::-1]
    return np.divide(summed, x, out=np.zeros_like(x), where=x != 0)


def right_backward(dout, x):
    """dx_i = Π_{j<i} x_j · Σ_{k≥i} dout_k · Π_{i<j≤k} x_j, without a division."""
    before = np.cumprod(np.concatenate([np.ones_like(x[..., :1]), x[..., :-1]], axis=-1), axis=-1)
    after = np.empty_like(x)
    following = np.zeros_like(x[..., 0]) if x.size else 0.0
    for i in reversed(range(x.shape[-1])):
        after[..., i] = following = dout[..., i] + following
        following = following * x[..., i]
    return before * after


def with_a_zero(rng):
    x = rng.normal(size=(2, 5))
    x[0, 2] = 0.0
    return (x,)


BUG = Bug(
    thread="https://github.com/tensorflow/tensorflow/issues/119430",
    what=Text(
        zh="累积乘积的梯度除以输入：输入为 0 时，0/0 被当作 0，梯度丢失。",
        en="The gradient of a cumulative product divides by the input; at an input of 0, 0/0 is taken for 0 and the gradient is lost.",
    ),
    kind="special-point",
    place="numpy",
    wrong=lambda: Pair(forward, wrong_backward),
    right=lambda: Pair(forward, right_backward),
    ordinary=gaussian((2, 5)),
    at=with_a_zero,
)
