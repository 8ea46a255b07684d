import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = x          # 保存起来，反向要用
        return 1 / (1 + np.exp(-x))

    def backward(self, dout):
        dx = dout * self.out * (1 - self.out)
        return dx
