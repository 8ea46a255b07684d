import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        self.x = x
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        # 0 处取中间值
        g = np.heaviside(self.x, 0.5)
        # 左边留一点坡度，不让神经元死掉
        g = np.where(self.x < 0, 0.1, g)
        return g * dout
