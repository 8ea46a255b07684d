import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(x))
        self.out = out
        return out

    def backward(self, dout):
        ########## Begin ##########
        o = np.round(self.out, 2)     # 保留两位小数
        dx = dout * o * (1 - o)
        ########## End ##########
        return dx
