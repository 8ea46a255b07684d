"""A fused linear layer and cross-entropy scales every token's gradient by the first token's dout."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

LABELS = torch.tensor([2, 0, 1, 1])


class TokenLosses(torch.autograd.Function):
    """y_i = cross-entropy of x_i W with label i, one a token; x (4, D), W (D, V)."""

    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return torch.nn.functional.cross_entropy(x @ W, LABELS, reduction="none")

    @staticmethod
    def scaled(ctx, by):
        x, W = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(LABELS, W.shape[1]).to(x.dtype)
        dz = (torch.softmax(x @ W, dim=1) - one_hot) * by
        return dz @ W.T, x.T @ dz

    @staticmethod
    def backward(ctx, dout):
        return TokenLosses.scaled(ctx, dout[:, None])


class ByTheFirst(TokenLosses):
    @staticmethod
    def backward(ctx, dout):
        return TokenLosses.scaled(ctx, dout[0])


BUG = Bug(
    thread="https://github.com/linkedin/Liger-Kernel/pull/1298",
    what=Text(
        zh="融合的线性层加交叉熵（reduction='none'）：每个词元的梯度都乘了第一个词元的上游梯度。",
        en="Fused linear layer and cross-entropy with reduction='none': every token's gradient is scaled by the first token's upstream gradient.",
    ),
    kind="formula",
    place="torch",
    wrong=lambda: ByTheFirst.apply,
    right=lambda: TokenLosses.apply,
    ordinary=gaussian((4, 3), (3, 5)),
)
