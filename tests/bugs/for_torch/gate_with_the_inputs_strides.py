"""A Triton operator's backward walks the upstream gradient with the strides of the input."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian
from bugs.for_torch.memory import as_a_kernel_reads

from handgrad.languages import Text


class Weighted(torch.autograd.Function):
    """y = w · sin x; x (B, D), w (D,)."""

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return w * torch.sin(x)

    @staticmethod
    def backward(ctx, dout):
        x, w = ctx.saved_tensors
        return dout * w * torch.cos(x), (dout * torch.sin(x)).sum(dim=0)


class WithTheInputsStrides(Weighted):
    @staticmethod
    def backward(ctx, dout):
        x, _ = ctx.saved_tensors
        return Weighted.backward(ctx, as_a_kernel_reads(dout, x.stride()))


BUG = Bug(
    thread="https://github.com/pytorch/pytorch/issues/194719",
    what=Text(
        zh="Triton 算子的反向核用输入的步长去读上游梯度；后面接 torch.cat 时，上游是切片，只有第一行对。",
        en="A Triton operator's backward indexes the upstream gradient with the input's strides; after torch.cat that gradient is a slice, and only its first row is read right.",
    ),
    kind="layout",
    place="torch",
    wrong=lambda: WithTheInputsStrides.apply,
    right=lambda: Weighted.apply,
    ordinary=gaussian((4, 6), (6,)),
)
