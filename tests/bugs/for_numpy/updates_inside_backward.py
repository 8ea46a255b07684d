"""Backward also takes the optimizer's step, and adds dx up twice: before the step and after it."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

RATE = 0.01


class Linear:
    """y = x W; x (B, 4)."""

    def __init__(self):
        self.W = np.linspace(-1.0, 2.0, 12).reshape(4, 3)

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


class StepsInside(Linear):
    def backward(self, dout):
        dx = super().backward(dout)
        self.W = self.W - RATE * self.dW
        return dx + dout @ self.W.T


BUG = Bug(
    thread="https://github.com/itskonrad/miniMNIST-c/issues/7",
    what=Text(
        zh="反向传播里顺手更新了权重，输入的梯度加了两次：一次用旧权重，一次用新权重。",
        en="Backward also updates the weights, and the input's gradient is added up twice: with the old weights and with the new.",
    ),
    kind="side-effect",
    place="numpy",
    wrong=StepsInside,
    right=Linear,
    ordinary=gaussian((5, 4)),
)
