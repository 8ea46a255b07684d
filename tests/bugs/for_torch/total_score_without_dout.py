"""The total score of all paths hands back the posterior and never looks at the upstream gradient."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


class TotalScore(torch.autograd.Function):
    """y = log Σ exp(scores), one number a graph; scores (B, paths)."""

    @staticmethod
    def forward(ctx, scores):
        ctx.save_for_backward(scores)
        return torch.logsumexp(scores, dim=1)

    @staticmethod
    def backward(ctx, dout):
        (scores,) = ctx.saved_tensors
        return torch.softmax(scores, dim=1) * dout[:, None]


class WithoutDout(TotalScore):
    @staticmethod
    def backward(ctx, dout):
        (scores,) = ctx.saved_tensors
        return torch.softmax(scores, dim=1)


BUG = Bug(
    thread="https://github.com/k2-fsa/k2/issues/341",
    what=Text(
        zh="总得分的反向传播没有乘上游梯度，更新的符号都反了。",
        en="The backward of the total score does not multiply by the upstream gradient; even the sign of the updates was wrong.",
    ),
    kind="formula",
    place="torch",
    wrong=lambda: WithoutDout.apply,
    right=lambda: TotalScore.apply,
    ordinary=gaussian((3, 5)),
)
