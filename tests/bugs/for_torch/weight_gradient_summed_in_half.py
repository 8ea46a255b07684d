"""A norm's weight gradient is added up over all rows in the inputs' half precision."""

from __future__ import annotations

import numpy as np
import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

EPSILON = 1e-3


class RmsNorm(torch.autograd.Function):
    """y = w · x / rms(x), computed in float32 whatever x is; x (B, D), w (D,)."""

    @staticmethod
    def scale(x):
        return torch.rsqrt((x * x).mean(dim=1, keepdim=True) + EPSILON)

    @staticmethod
    def wide(tensor):
        return tensor.float() if tensor.dtype == torch.float16 else tensor

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        x, w, dtype = RmsNorm.wide(x), RmsNorm.wide(w), x.dtype
        return (x * RmsNorm.scale(x) * w).to(dtype)

    @staticmethod
    def weight_gradient(terms, dtype):
        return terms.sum(dim=0).to(dtype)

    @classmethod
    def gradients(cls, ctx, dout):
        dtype = dout.dtype
        x, w, dout = (RmsNorm.wide(t) for t in (*ctx.saved_tensors, dout))
        r = RmsNorm.scale(x)
        normed, d = x * r, dout * w
        dx = r * (d - normed * (d * normed).mean(dim=1, keepdim=True))
        return dx.to(dtype), cls.weight_gradient(dout * normed, dtype)

    @staticmethod
    def backward(ctx, dout):
        return RmsNorm.gradients(ctx, dout)


class SummedInHalf(RmsNorm):
    @staticmethod
    def weight_gradient(terms, dtype):
        total = torch.zeros(terms.shape[1], dtype=dtype)
        for row in terms.to(dtype):
            total = total + row
        return total

    @staticmethod
    def backward(ctx, dout):
        return SummedInHalf.gradients(ctx, dout)


def in_half(rng):
    return rng.normal(size=(200, 5)).astype(np.float16), rng.normal(size=5).astype(np.float16)


BUG = Bug(
    thread="https://github.com/linkedin/Liger-Kernel/pull/950",
    what=Text(
        zh="归一化层的权重梯度用输入的半精度在所有行上累加，误差比结果该有的大得多。",
        en="A norm's weight gradient is added up over all rows in half precision: far less exact than its own type allows.",
    ),
    kind="precision",
    place="torch",
    wrong=lambda: SummedInHalf.apply,
    right=lambda: RmsNorm.apply,
    ordinary=gaussian((200, 5), (5,)),
    at=in_half,
    needs_reference=True,
)
