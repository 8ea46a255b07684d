import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        """sigmoid 的导数只用 out 就够了"""
        ########## Begin ##########
        s = self.out
        dx = s * (1 - s)
        ########## End ##########
        return dx
