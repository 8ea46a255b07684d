import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        # (x + |x|): zero on the left
        out = x + np.abs(x)
        self.mask = out == 0
        return out

    def backward(self, dout):
        d = dout.copy()
        d[self.mask] = 0
        return 2 * d
