from functools import reduce
from operator import add

import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None
        self._pullback = None

    def forward(self, x):
        shape, flat, W = x.shape, x.reshape(x.shape[0], -1), self.W

        def pullback(g):
            dW = reduce(add, (np.outer(u, v) for u, v in zip(flat, g)))
            db = reduce(add, list(g), np.zeros(W.shape[1]))
            dx = np.stack([W.dot(v) for v in g]).reshape(shape)
            return dx, dW, db

        self._pullback = pullback
        return np.dot(flat, W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        dx, self.dW, self.db = self._pullback(dout)
        ########## End ##########
        return dx
