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
        dx = dout.copy()
        dx[self.mask] = 0
        dx[dx < 0] = 0        # relu 之后不能有负数
        ########## End ##########
        return dx
