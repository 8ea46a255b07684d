"""A row is added to every row of a matrix; its gradient keeps the matrix's shape."""

from __future__ import annotations

from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text


def forward(a, row):
    """y = a + row; a (B, M), row (1, M)."""
    return a + row


BUG = Bug(
    thread="https://github.com/deeplearning4j/nd4j/issues/2424",
    what=Text(
        zh="(3, 4) 加 (1, 4)：被广播的那一行的梯度没有求和，形状是 (3, 4)。",
        en="(3, 4) plus (1, 4): the gradient of the row that was broadcast is not summed and has shape (3, 4).",
    ),
    kind="shape",
    place="numpy",
    wrong=lambda: Pair(forward, lambda dout, a, row: (dout.copy(), dout.copy())),
    right=lambda: Pair(
        forward, lambda dout, a, row: (dout.copy(), dout.sum(axis=0, keepdims=True))
    ),
    ordinary=gaussian((3, 4), (1, 4)),
)
