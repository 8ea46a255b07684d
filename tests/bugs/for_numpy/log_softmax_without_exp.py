"""The backward of log-softmax subtracts ⟨dout, output⟩, which has no exp in it."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text


def forward(x):
    """y = x − log Σ exp(x), over the last axis."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def wrong_backward(dout, x):
    return dout - (dout * forward(x)).sum(axis=-1, keepdims=True)


def right_backward(dout, x):
    return dout - np.exp(forward(x)) * dout.sum(axis=-1, keepdims=True)


BUG = Bug(
    thread="https://github.com/uxlfoundation/oneDNN/issues/616",
    what=Text(
        zh="log-softmax 的反向传播减去 ⟨dout, 输出⟩，该减去的是 exp(输出) · Σ dout。",
        en="The backward of log-softmax subtracts ⟨dout, output⟩ where exp(output) · Σ dout is meant.",
    ),
    kind="formula",
    place="numpy",
    wrong=lambda: Pair(forward, wrong_backward),
    right=lambda: Pair(forward, right_backward),
    ordinary=gaussian((4, 7)),
)
