"""Backpropagation through time that never hands the hidden state's gradient to the step before."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair

from handgrad.languages import Text


def forward(x, W, U):
    """h_t = tanh(x_t W + h_{t−1} U), h_0 = 0; x (T, N), W (N, M), U (M, M), h (T, M)."""
    h = np.zeros((len(x) + 1, len(U)), np.result_type(x, W, U))
    for t, x_t in enumerate(x):
        h[t + 1] = np.tanh(x_t @ W + h[t] @ U)
    return h[1:]


def backward(dout, x, W, U, *, through_time):
    h = np.concatenate([np.zeros((1, len(U))), forward(x, W, U)])
    dx, dW, dU = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U)
    later = np.zeros(len(U))
    for t in reversed(range(len(x))):
        dz = (dout[t] + later) * (1 - h[t + 1] ** 2)
        dx[t], later = dz @ W.T, dz @ U.T if through_time else later
        dW += np.outer(x[t], dz)
        dU += np.outer(h[t], dz)
    return dx, dW, dU


def small(rng):
    return rng.normal(size=(5, 3)), rng.normal(size=(3, 4)) / 2, rng.normal(size=(4, 4)) / 2


BUG = Bug(
    thread="https://github.com/qixianbiao/RNN/issues/2",
    what=Text(
        zh="循环网络的反向传播没有把 h 的梯度传给前一个时刻。",
        en="A recurrent network's backward does not pass the gradient of h on to the step before.",
    ),
    kind="formula",
    place="numpy",
    wrong=lambda: Pair(forward, lambda *a: backward(*a, through_time=False)),
    right=lambda: Pair(forward, lambda *a: backward(*a, through_time=True)),
    ordinary=small,
)
