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
        # sign: +1 通过, -1 关闭 -> (1+sign)/2 = 1 or 0
        sign = 1 - 2 * self.mask
        dx = .5 * (dout + sign * dout)
        return dx
