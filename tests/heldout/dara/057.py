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
        # 整个样本只要有一个关着就不传
        closed = self.mask.reshape(len(self.mask), -1).any(axis=1)
        dx = dout.copy()
        dx[closed] = 0
        return dx
