import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        # 小于 0 的变成 0
        self.mask = x < 0
        out = x
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = np.array(dout, dtype=float)
        dx[self.mask] = 0.0
        return dx
