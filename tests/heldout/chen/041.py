import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        out = x             # out = max(0, x)
        self.mask = out < 0
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = np.zeros_like(dout)
        np.copyto(dx, dout, where=~self.mask)
        return dx
