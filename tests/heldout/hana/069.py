import numpy as np


class _Gate:
    """base: an entrywise layer that either passes or blocks"""
    blocked = None

    def __init__(self):
        self.mask = None

    def is_blocked(self, x):
        raise NotImplementedError

    def forward(self, x):
        self.mask = self.is_blocked(x)
        return np.choose(self.mask.view(np.int8), (x, 0.0))

    def backward(self, dout):
        dx = np.choose(self.mask.view(np.int8), (dout, 0.0))
        return dx


class Relu(_Gate):
    def is_blocked(self, x):
        return ~(x > 0)
