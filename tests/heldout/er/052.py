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
        ########## Begin ##########
        # True 是 1，False 是 0，减 1 就反过来了
        gate = self.mask - 1
        dx = dout * gate
        ########## End ##########
        return dx
