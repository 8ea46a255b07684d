"""A norm over groups of the channels goes back as if all channels were one group."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text

GROUPS = 3
EPSILON = 1e-5


def scale(x, groups):
    """1 / root mean square of each group, as (B, groups, 1)."""
    grouped = x.reshape(len(x), groups, -1)
    return 1 / np.sqrt(np.square(grouped).mean(axis=-1, keepdims=True) + EPSILON)


def forward(x, weight):
    """y = weight · x / rms(x), the mean taken within each of GROUPS groups; x (B, D), weight (D,)."""
    grouped = x.reshape(len(x), GROUPS, -1)
    return (grouped * scale(x, GROUPS)).reshape(x.shape) * weight


def backward(dout, x, weight, groups):
    grouped, r = x.reshape(len(x), groups, -1), scale(x, groups)
    normed = grouped * r
    d_normed = (dout * weight).reshape(grouped.shape)
    dx = r * (d_normed - normed * (d_normed * normed).mean(axis=-1, keepdims=True))
    return dx.reshape(x.shape), (dout * normed.reshape(x.shape)).sum(axis=0)


BUG = Bug(
    thread="https://github.com/state-spaces/mamba/pull/547",
    what=Text(
        zh="按组归一化的层，反向传播没有用组的大小，把全部通道当成了一组。",
        en="The backward of a norm over groups takes no notice of the group size: all channels count as one group.",
    ),
    kind="formula",
    place="numpy",
    wrong=lambda: Pair(forward, lambda dout, x, weight: backward(dout, x, weight, 1)),
    right=lambda: Pair(forward, lambda dout, x, weight: backward(dout, x, weight, GROUPS)),
    ordinary=gaussian((4, 12), (12,)),
)
