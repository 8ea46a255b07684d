"""Dropout keeps no mask and reads it off output / input, which says nothing where the input is 0."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text

KEPT = 0.5


def mask(x):
    """Every second entry is dropped, the others are scaled by 1 / KEPT: fixed, so that f is one."""
    return (np.arange(x.size).reshape(x.shape) % 2 == 0) / KEPT


def forward(x):
    """y = mask · x."""
    return mask(x) * x


def wrong_backward(dout, x):
    ratio = np.divide(forward(x), x, out=np.ones_like(x), where=x != 0)
    return dout * ratio


def with_zeros(rng):
    x = rng.normal(size=(3, 4))
    x[0, 1] = x[2, 0] = 0.0
    return (x,)


BUG = Bug(
    thread="https://github.com/kaldi-asr/kaldi/issues/3890",
    what=Text(
        zh="随机失活不保存掩码，用输出除以输入来推断；输入为 0 且被丢弃处，梯度照样通过。",
        en="Dropout keeps no mask and infers it from output / input: where an input of 0 was dropped, the gradient passes.",
    ),
    kind="special-point",
    place="numpy",
    wrong=lambda: Pair(forward, wrong_backward),
    right=lambda: Pair(forward, lambda dout, x: mask(x) * dout),
    ordinary=gaussian((3, 4)),
    at=with_zeros,
)
