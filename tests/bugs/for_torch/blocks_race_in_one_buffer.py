"""Blocks of one launch read rows of a buffer that other blocks overwrite, in no certain order."""

from __future__ import annotations

import random

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

SCHEDULE = random.Random()  # the machine's, not the test's: no seed gives the same order again
TAPS = (0.5, 0.3, 0.2)


class CausalGate(torch.autograd.Function):
    """y_t = Σ_k TAPS_k · x_{t−k} · tanh g_{t−k}; x, g (T, D)."""

    @staticmethod
    def forward(ctx, x, g):
        ctx.save_for_backward(x, g)
        gated = x * torch.tanh(g)
        y = torch.zeros_like(x)
        for k, tap in enumerate(TAPS):
            y[k:] += tap * gated[: len(x) - k]
        return y

    @staticmethod
    def gated_gradient(source, target, order):
        """Row t of `target` from the rows t, t + 1, … of `source`, which may be the same buffer."""
        for t in order:
            taps = TAPS[: len(source) - t]
            target[t] = sum(tap * source[t + k].clone() for k, tap in enumerate(taps))
        return target

    @staticmethod
    def through_the_gate(ctx, d):
        x, g = ctx.saved_tensors
        return d * torch.tanh(g), d * x * (1 - torch.tanh(g) ** 2)

    @staticmethod
    def backward(ctx, dout):
        d = CausalGate.gated_gradient(dout, torch.empty_like(dout), range(len(dout)))
        return CausalGate.through_the_gate(ctx, d)


class Racing(CausalGate):
    @staticmethod
    def backward(ctx, dout):
        buffer = dout.clone()
        order = list(range(len(buffer)))  # right as long as the blocks happen to run in this order
        for _ in range(2):
            late = SCHEDULE.randrange(len(order))
            order.append(order.pop(late))
        return CausalGate.through_the_gate(ctx, CausalGate.gated_gradient(buffer, buffer, order))


BUG = Bug(
    thread="https://github.com/tile-ai/TileOPs/issues/1729",
    what=Text(
        zh="同一次启动的各块读写同一个缓冲区：读到的行可能已被别的块改写，梯度每次都不同，而且是错的。",
        en="The blocks of one launch read and write one buffer: a row may already be overwritten by another block, and the gradient is wrong and differs between runs.",
    ),
    kind="race",
    place="torch",
    wrong=lambda: Racing.apply,
    right=lambda: CausalGate.apply,
    ordinary=gaussian((6, 3), (6, 3)),
)
