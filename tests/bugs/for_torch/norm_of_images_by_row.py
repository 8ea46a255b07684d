"""A group norm's backward takes the last axis for all that belongs to a channel: right in 3-D only."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

EPSILON = 1e-5


class ChannelNorm(torch.autograd.Function):
    """Every channel of every sample, centred and divided by its deviation; x (B, C, …)."""

    @staticmethod
    def normed(x):
        flat = x.reshape(*x.shape[:2], -1)
        centred = flat - flat.mean(dim=2, keepdim=True)
        r = torch.rsqrt((centred * centred).mean(dim=2, keepdim=True) + EPSILON)
        return centred * r, r

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return ChannelNorm.normed(x)[0].reshape(x.shape)

    @staticmethod
    def gradient(x, dout, entries):
        y, r = ChannelNorm.normed(x)
        d = dout.reshape(y.shape)
        along = d.sum(dim=2, keepdim=True) + y * (d * y).sum(dim=2, keepdim=True)
        return (r * (d - along / entries)).reshape(x.shape)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return ChannelNorm.gradient(x, dout, x[0, 0].numel())


class ByRow(ChannelNorm):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return ChannelNorm.gradient(x, dout, x.shape[-1])


BUG = Bug(
    thread="https://github.com/linkedin/Liger-Kernel/issues/1375",
    what=Text(
        zh="组归一化的反向传播在展平之前量最后一轴的长度：三维输入对，图像（四维）错。",
        en="A group norm's backward measures the last axis before it flattens: right for 3-D input, wrong for images.",
    ),
    kind="special-point",
    place="torch",
    wrong=lambda: ByRow.apply,
    right=lambda: ChannelNorm.apply,
    ordinary=gaussian((2, 3, 5)),
    at=gaussian((2, 3, 4, 5)),
)
