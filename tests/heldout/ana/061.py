import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.out = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        self.out = out
        return out

    def backward(self, dout):
        dx = dout * self.out     # 和 sigmoid 一样用 out
        dx[self.mask] = 0
        return dx
