"""A sequence loss takes log-probabilities and returns the gradient of the scores before log-softmax."""

from __future__ import annotations

import numpy as np
import torch
from bugs.bug import Bug

from handgrad.languages import Text

FRAMES = 3
PATHS = torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 1, 1]])
"""Frame by frame, all ways to spell the one label 1 in three frames with the blank 0."""


class AlignmentLoss(torch.autograd.Function):
    """y = −log Σ_paths exp Σ_t x_t,path(t); x (3, V), log-probabilities."""

    @staticmethod
    def forward(ctx, x):
        if len(x) != FRAMES:
            raise ValueError(f"x must have {FRAMES} frames; got shape {tuple(x.shape)}")
        ctx.save_for_backward(x)
        return -torch.logsumexp(scores(x), dim=0)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return -dout * posterior(x)


class OfUnnormalised(AlignmentLoss):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * (torch.exp(x) - posterior(x))


def scores(x):
    return x[torch.arange(FRAMES), PATHS].sum(dim=1)


def posterior(x):
    """How probable each label is in each frame, given the spelling."""
    weights = torch.softmax(scores(x), dim=0)
    one_hot = torch.nn.functional.one_hot(PATHS, x.shape[1]).to(x.dtype)
    return (weights[:, None, None] * one_hot).sum(dim=0)


def log_probabilities(rng):
    x = rng.normal(size=(3, 3))
    return (x - np.log(np.exp(x).sum(axis=1, keepdims=True)),)


BUG = Bug(
    thread="https://github.com/pytorch/pytorch/issues/52241",
    what=Text(
        zh="CTC 损失接收对数概率，返回的却是对 log-softmax 之前的分数的梯度。",
        en="The CTC loss takes log-probabilities and returns the gradient with respect to the scores before log-softmax.",
    ),
    kind="formula",
    place="torch",
    wrong=lambda: OfUnnormalised.apply,
    right=lambda: AlignmentLoss.apply,
    ordinary=log_probabilities,
)
