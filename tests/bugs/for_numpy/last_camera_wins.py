"""Coefficients seen by several cameras get the gradient of the last one that wrote."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, Pair, gaussian

from handgrad.languages import Text


def forward(coefficients, directions):
    """y_c = sin(directions_c) · coefficients, one row a camera; (K, D), (C, K) → (C, D)."""
    return np.sin(directions) @ coefficients


def right_backward(dout, coefficients, directions):
    return np.sin(directions).T @ dout, np.cos(directions) * (dout @ coefficients.T)


def wrong_backward(dout, coefficients, directions):
    gradient = np.zeros_like(coefficients)
    for d, row in zip(dout, np.sin(directions), strict=True):
        gradient[:] = np.outer(row, d)  # where it is to be added
    return gradient, np.cos(directions) * (dout @ coefficients.T)


BUG = Bug(
    thread="https://github.com/openvdb/fvdb-core/pull/434",
    what=Text(
        zh="多个相机共用的系数，各相机的梯度互相覆盖而不是相加：只剩最后一个。",
        en="Coefficients shared by several cameras: their gradients overwrite each other instead of adding up, and the last one stays.",
    ),
    kind="formula",
    place="numpy",
    wrong=lambda: Pair(forward, wrong_backward),
    right=lambda: Pair(forward, right_backward),
    ordinary=gaussian((4, 3), (5, 4)),
)
