"""Max pooling's backward returns inside the loop over patches: only the first patch gets a gradient."""

from __future__ import annotations

import numpy as np
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


class MaxPool:
    """y = the largest entry of each 2 × 2 patch; x (H, W, C), H and W even."""

    def forward(self, x):
        self.x = x
        h, w, c = x.shape
        return x.reshape(h // 2, 2, w // 2, 2, c).max(axis=(1, 3))

    def patches(self, dout):
        for row, column in np.ndindex(dout.shape[:2]):
            yield slice(2 * row, 2 * row + 2), slice(2 * column, 2 * column + 2), dout[row, column]

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for rows, columns, d in self.patches(dout):
            patch = self.x[rows, columns]
            dx[rows, columns] = (patch == patch.max(axis=(0, 1))) * d
        return dx


class ReturnsEarly(MaxPool):
    def backward(self, dout):  # noqa: RET503 - the bug itself
        dx = np.zeros_like(self.x)
        for rows, columns, d in self.patches(dout):
            patch = self.x[rows, columns]
            dx[rows, columns] = (patch == patch.max(axis=(0, 1))) * d
            return dx


BUG = Bug(
    thread="https://github.com/riccardoandreoni0/CNN-from-scratch/issues/1",
    what=Text(
        zh="最大池化的 return 缩进多了一级，只有第一块得到梯度；训练居然还能收敛。",
        en="In max pooling a return is indented one level too far: only the first patch gets a gradient, and training still converged.",
    ),
    kind="formula",
    place="numpy",
    wrong=ReturnsEarly,
    right=MaxPool,
    ordinary=gaussian((4, 6, 2)),
)
