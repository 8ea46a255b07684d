"""SwiGLU's backward writes the gradients over the inputs it had saved, to spare memory."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


class SwiGlu(torch.autograd.Function):
    """y = a · σ(a) · b, entry by entry."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * torch.sigmoid(a) * b

    @staticmethod
    def backward(ctx, dout):
        a, b = ctx.saved_tensors
        s = torch.sigmoid(a)
        return dout * b * (s + a * s * (1 - s)), dout * a * s


class Overwrites(SwiGlu):
    @staticmethod
    def backward(ctx, dout):
        a, b = ctx.saved_tensors
        da, db = SwiGlu.backward(ctx, dout)
        a.data.copy_(da)  # a kernel writes to the address: no version counter sees it
        b.data.copy_(db)
        return da, db


BUG = Bug(
    thread="https://github.com/linkedin/Liger-Kernel/issues/254",
    what=Text(
        zh="SwiGLU 的反向传播为了省内存，把梯度写进保存的输入里：别的层还要用这些输入。",
        en="To spare memory, the backward of SwiGLU writes the gradients over its saved inputs, which other layers still need.",
    ),
    kind="side-effect",
    place="torch",
    wrong=lambda: Overwrites.apply,
    right=lambda: SwiGlu.apply,
    ordinary=gaussian((3, 4), (3, 4)),
)
