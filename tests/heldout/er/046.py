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
        # mask 为 True 的地方让梯度通过
        dx = dout * self.mask
        ########## End ##########
        return dx
