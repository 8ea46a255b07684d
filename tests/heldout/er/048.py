import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        # 小于0的地方置0
        self.mask = (x < 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = np.where(self.mask, 0, dout)
        return dx
