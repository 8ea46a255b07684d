"""In a sequence loss one of two terms of the gradient is not multiplied by the upstream gradient."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

LABELS = torch.tensor([1, 0, 2])


class SequenceLoss(torch.autograd.Function):
    """y = Σ_t (log Σ exp(x_t) − x_t,label), one number for the sequence; x (3, V)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.nn.functional.cross_entropy(x, LABELS, reduction="sum")

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * (torch.softmax(x, dim=1) - one_hot(x))


class HalfScaled(SequenceLoss):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * torch.softmax(x, dim=1) - one_hot(x)


def one_hot(x):
    return torch.nn.functional.one_hot(LABELS, x.shape[1]).to(x.dtype)


BUG = Bug(
    thread="https://github.com/pytorch/pytorch/issues/11750",
    what=Text(
        zh="CTC 损失的梯度里有几项没有乘上游梯度：损失乘 2，梯度却不是原来的 2 倍。",
        en="Parts of the CTC loss's gradient are not multiplied by the upstream gradient: twice the loss is not twice the gradient.",
    ),
    kind="formula",
    place="torch",
    wrong=lambda: HalfScaled.apply,
    right=lambda: SequenceLoss.apply,
    ordinary=gaussian((3, 4)),
)
