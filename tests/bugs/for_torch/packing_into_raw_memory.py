"""Packing segments cuts long ones; backward never writes the rows that were cut, in memory never set."""

from __future__ import annotations

import torch
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

LENGTHS = [2, 5, 3]
LONGEST = 4


def places():
    """(row of x, segment, place in it) of every row that is kept."""
    start = 0
    for segment, length in enumerate(LENGTHS):
        for place in range(min(length, LONGEST)):
            yield start + place, segment, place
        start += length


class Pack(torch.autograd.Function):
    """y[segment, place] = x[row], zero where a segment is short; x (10, D), y (3, 4, D)."""

    @staticmethod
    def forward(ctx, x):
        if len(x) != sum(LENGTHS):
            raise ValueError(f"x must have {sum(LENGTHS)} rows; got shape {tuple(x.shape)}")
        y = x.new_zeros(len(LENGTHS), LONGEST, x.shape[1])
        for row, segment, place in places():
            y[segment, place] = x[row]
        return y

    @staticmethod
    def unpack(dx, dout):
        for row, segment, place in places():
            dx[row] = dout[segment, place]
        return dx

    @staticmethod
    def backward(ctx, dout):
        return Pack.unpack(dout.new_zeros(sum(LENGTHS), dout.shape[2]), dout)


class IntoRawMemory(Pack):
    @staticmethod
    def backward(ctx, dout):
        return Pack.unpack(torch.empty(sum(LENGTHS), dout.shape[2], dtype=dout.dtype), dout)


BUG = Bug(
    thread="https://github.com/pytorch/FBGEMM/pull/5754",
    what=Text(
        zh="打包变长序列时截断的行，反向传播从不写入，而内存没有初始化：梯度是碰巧留在那里的数。",
        en="Rows cut off when segments are packed are never written in backward, into memory never set: their gradient is what happened to lie there.",
    ),
    kind="memory",
    place="torch",
    wrong=lambda: IntoRawMemory.apply,
    right=lambda: Pack.apply,
    ordinary=gaussian((10, 3)),
)
