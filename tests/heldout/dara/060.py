import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        # 开关：开着 +1，关着 -1
        switch = 1 - 2 * self.mask
        dx = switch * dout
        return dx
