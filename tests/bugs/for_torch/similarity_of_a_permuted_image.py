"""A fused image similarity saves its input and reads it back as if it were contiguous."""

from __future__ import annotations

import numpy as np
import torch
from bugs.bug import Bug, gaussian
from bugs.for_torch.memory import as_a_kernel_reads

from handgrad.languages import Text

C = 0.1


class Similarity(torch.autograd.Function):
    """y = mean of (2 x t + c) / (x² + t² + c) along the last axis; x, t (B, H, W)."""

    @staticmethod
    def forward(ctx, x, t):
        ctx.save_for_backward(x, t)
        return ((2 * x * t + C) / (x * x + t * t + C)).mean(dim=-1)

    @staticmethod
    def gradients(x, t, dout):
        top, bottom = 2 * x * t + C, x * x + t * t + C
        d = dout[..., None] / x.shape[-1] / bottom
        return d * (2 * t - 2 * x * top / bottom), d * (2 * x - 2 * t * top / bottom)

    @staticmethod
    def backward(ctx, dout):
        return Similarity.gradients(*ctx.saved_tensors, dout)


class IgnoresStrides(Similarity):
    @staticmethod
    def backward(ctx, dout):
        return Similarity.gradients(*map(as_a_kernel_reads, ctx.saved_tensors), dout)


def permuted(rng):
    return np.transpose(rng.normal(size=(4, 3, 2)), (2, 1, 0)), rng.normal(size=(2, 3, 4))


BUG = Bug(
    thread="https://github.com/MrNeRF/optimized-fused-ssim/issues/1",
    what=Text(
        zh="融合的图像相似度在反向时把保存的图像当作连续内存：图像转置过，梯度就错。",
        en="A fused image similarity reads the saved image as contiguous memory in backward: wrong for a permuted image.",
    ),
    kind="layout",
    place="torch",
    wrong=lambda: IgnoresStrides.apply,
    right=lambda: Similarity.apply,
    ordinary=gaussian((2, 3, 4), (2, 3, 4)),
    at=permuted,
)
