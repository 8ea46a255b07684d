"""Backward multiplies the upstream gradient in place and returns it."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


class Double(torch.autograd.Function):
    """y = 2 x."""

    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, dout):
        return 2 * dout


class InPlace(Double):
    @staticmethod
    def backward(ctx, dout):
        dout *= 2
        return dout


BUG = Bug(
    thread="https://github.com/pytorch/pytorch/issues/81417",
    what=Text(
        zh="反向传播就地改写了上游梯度：值是对的，但另一条分支也要用它。",
        en="Backward changes the upstream gradient in place: the value is right, and another branch that uses it gets the wrong one.",
    ),
    kind="side-effect",
    place="torch",
    wrong=lambda: InPlace.apply,
    right=lambda: Double.apply,
    ordinary=gaussian((3, 4)),
)
