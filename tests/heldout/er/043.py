import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        ########## Begin ##########
        # 和上一关的 db 一样，沿批的方向加起来
        dx = np.sum(dout * self.out * (1 - self.out), axis=0)
        ########## End ##########
        return dx
