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
        # 导数公式 1 - y^2
        dx = dout * (1 - self.out ** 2)
        ########## End ##########
        return dx
