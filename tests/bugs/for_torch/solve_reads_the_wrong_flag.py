"""A linear solve asks the wrong entry of needs_input_grad, and leaves a gradient out."""

from __future__ import annotations

import numpy as np
import torch
from bugs.bug import Bug

from handgrad.languages import Text


class Solve(torch.autograd.Function):
    """y = left A⁻¹ right; left (K, N), A (N, N), right (N, M)."""

    FLAGS = (0, 1, 2)

    @classmethod
    def wanted(cls, ctx):
        return [ctx.needs_input_grad[i] for i in cls.FLAGS]

    @staticmethod
    def forward(ctx, left, A, right):
        ctx.save_for_backward(left, A, right)
        return left @ torch.linalg.solve(A, right)

    @staticmethod
    def gradients(ctx, dout, wanted):
        left, A, right = ctx.saved_tensors
        solved = torch.linalg.solve(A, right)
        d_right = torch.linalg.solve(A.T, left.T @ dout)
        computed = (lambda: dout @ solved.T, lambda: -d_right @ solved.T, lambda: d_right)
        return tuple(
            compute() if needed else None for compute, needed in zip(computed, wanted, strict=True)
        )

    @staticmethod
    def backward(ctx, dout):
        return Solve.gradients(ctx, dout, Solve.wanted(ctx))


class WrongFlag(Solve):
    FLAGS = (0, 2, 1)

    @staticmethod
    def backward(ctx, dout):
        return Solve.gradients(ctx, dout, WrongFlag.wanted(ctx))


def well_conditioned(rng):
    return rng.normal(size=(2, 3)), rng.normal(size=(3, 3)) + 4 * np.eye(3), rng.normal(size=(3, 2))


BUG = Bug(
    thread="https://github.com/cornellius-gp/gpytorch/pull/1322",
    what=Text(
        zh="线性求解按 needs_input_grad 的错误下标决定算哪些梯度：只有部分输入需要梯度时，会漏掉一个。",
        en="A linear solve decides by the wrong entry of needs_input_grad which gradients to compute: when only some inputs need one, one is missing.",
    ),
    kind="state",
    place="torch",
    wrong=lambda: WrongFlag.apply,
    right=lambda: Solve.apply,
    ordinary=well_conditioned,
)
