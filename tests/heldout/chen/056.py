from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(eq=False)
class FullyConnected:
    W: np.ndarray
    b: np.ndarray
    x: Any = field(default=None, init=False, repr=False)
    original_x_shape: tuple = field(default=(), init=False)
    dW: Any = field(default=None, init=False, repr=False)
    db: Any = field(default=None, init=False, repr=False)

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        columns = []
        sums = []
        acc = np.zeros(self.x.shape)
        tmp = np.empty(self.x.shape)
        for m in range(self.W.shape[1]):
            d = dout[:, m:m + 1]
            columns.append((self.x * d).sum(axis=0))
            sums.append(d.sum())
            np.multiply(d, self.W[:, m], out=tmp)
            acc += tmp
        self.dW = np.stack(columns, axis=1)
        self.db = np.asarray(sums)
        return acc.reshape(self.original_x_shape)
