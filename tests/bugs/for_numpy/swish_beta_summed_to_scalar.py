"""Swish with a slope for every column hands back the sum of all slopes' gradients."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text


def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def forward(x, beta):
    """y = x · σ(β x); x (B, M), β (M,)."""
    return x * sigmoid(beta * x)


def gradients(dout, x, beta):
    s = sigmoid(beta * x)
    slope = s * (1 - s)
    return dout * (s + beta * x * slope), dout * x * x * slope


def wrong_backward(dout, x, beta):
    dx, per_entry = gradients(dout, x, beta)
    return dx, per_entry.sum()


def right_backward(dout, x, beta):
    dx, per_entry = gradients(dout, x, beta)
    return dx, per_entry.sum(axis=0)


BUG = Bug(
    thread="https://github.com/tensorflow/tensorflow/issues/127690",
    what=Text(
        zh="Swish 的 β 每列一个，梯度却总是求和成一个标量。",
        en="Swish takes one β a column, and its gradient is always summed to a scalar.",
    ),
    kind="shape",
    place="numpy",
    wrong=lambda: Pair(forward, wrong_backward),
    right=lambda: Pair(forward, right_backward),
    ordinary=gaussian((4, 3), (3,)),
)
