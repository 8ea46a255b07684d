from dataclasses import dataclass, field
from functools import reduce
from operator import add

import numpy as np


@dataclass
class FullyConnected:
    W: np.ndarray
    b: np.ndarray
    x: np.ndarray = field(default=None, repr=False)
    original_x_shape: tuple = ()
    dW: np.ndarray = field(default=None, repr=False)
    db: np.ndarray = field(default=None, repr=False)

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return self.x.dot(self.W) + self.b

    def backward(self, dout):
        # (dW, db) of one sample at a time, then fold
        per_sample = ((xi[:, None] * gi, gi + 0) for xi, gi in zip(self.x, dout))
        self.dW, self.db = reduce(lambda p, q: tuple(map(add, p, q)), per_sample)
        return np.inner(dout, self.W).reshape(self.original_x_shape)
