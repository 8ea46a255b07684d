"""The backward of fused attention reads the upstream gradient as if it were contiguous."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian
from bugs.for_torch.memory import as_a_kernel_reads

from handgrad.languages import Text


class Attention(torch.autograd.Function):
    """y = softmax(q kᵀ / √d) v; q, k, v (T, d)."""

    @staticmethod
    def forward(ctx, q, k, v):
        p = torch.softmax(q @ k.T / q.shape[1] ** 0.5, dim=1)
        ctx.save_for_backward(q, k, v, p)
        return p @ v

    @staticmethod
    def backward(ctx, dout):
        q, k, v, p = ctx.saved_tensors
        dp = dout @ v.T
        ds = p * (dp - (dp * p).sum(dim=1, keepdim=True)) / q.shape[1] ** 0.5
        return ds @ k, ds.T @ q, p.T @ dout


class IgnoresStrides(Attention):
    @staticmethod
    def backward(ctx, dout):
        return Attention.backward(ctx, as_a_kernel_reads(dout))


BUG = Bug(
    thread="https://github.com/Dao-AILab/flash-attention/issues/355",
    what=Text(
        zh="融合注意力的反向核把上游梯度当作连续内存来读：不连续时梯度是错的。",
        en="The backward kernel of fused attention reads the upstream gradient as contiguous memory, and is wrong where it is not.",
    ),
    kind="layout",
    place="torch",
    wrong=lambda: IgnoresStrides.apply,
    right=lambda: Attention.apply,
    ordinary=gaussian((5, 3), (5, 3), (5, 3)),
)
