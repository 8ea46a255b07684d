"""Unpooling writes to places; where two inputs name one place the last stays, and both get its gradient."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text

PLACES = np.array([4, 2, 3, 2, 0])  # the second and the fourth input share a place
LAST = np.array([1.0, 0.0, 1.0, 1.0, 1.0])
SIZE = 6


def forward(x):
    """y[place_i] = x_i, in order; x (B, 5), y (B, 6)."""
    if x.shape[1] != len(PLACES):
        raise ValueError(f"x must have {len(PLACES)} columns; got shape {x.shape}")
    y = np.zeros((len(x), SIZE), x.dtype)
    for i, place in enumerate(PLACES):
        y[:, place] = x[:, i]
    return y


BUG = Bug(
    thread="https://github.com/pytorch/pytorch/issues/80204",
    what=Text(
        zh="反池化的位置有重复：前向只留下最后写入的，反向却把梯度给了每一个。",
        en="Unpooling with repeated indices: forward keeps what was written last, backward gives the gradient to all.",
    ),
    kind="formula",
    place="numpy",
    wrong=lambda: Pair(forward, lambda dout, x: dout[:, PLACES]),
    right=lambda: Pair(forward, lambda dout, x: dout[:, PLACES] * LAST),
    ordinary=gaussian((3, 5)),
)
