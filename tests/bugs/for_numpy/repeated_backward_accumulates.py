"""Gradients of values in the middle are added up and only the leaves are set to zero between calls."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


class TanhOfProduct:
    """y = tanh(x W); x (B, N). Every node adds to its gradient, as a graph with several uses needs."""

    def __init__(self):
        self.W = np.linspace(-1.0, 1.0, 12).reshape(4, 3)

    def forward(self, x):
        self.x = x
        self.y = np.tanh(x @ self.W)
        self.dz = np.zeros_like(self.y)
        return self.y.copy()

    def backward(self, dout):
        self.dz += dout * (1 - self.y**2)
        self.dW = self.x.T @ self.dz
        return self.dz @ self.W.T


class Mended(TanhOfProduct):
    def backward(self, dout):
        self.dz = np.zeros_like(self.y)
        return super().backward(dout)


BUG = Bug(
    thread="https://github.com/karpathy/micrograd/pull/102",
    what=Text(
        zh="只有叶子的梯度清零，中间结点的一直累加：第二次反向传播就错了。",
        en="Only the leaves' gradients are set to zero, those in the middle add up: the second backward is wrong.",
    ),
    kind="state",
    place="numpy",
    wrong=TanhOfProduct,
    right=Mended,
    ordinary=gaussian((5, 4)),
)
