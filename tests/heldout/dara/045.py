import numpy as np


class Sigmoid:
    out = []

    def __init__(self):
        pass

    def forward(self, x):
        y = 1 / (1 + np.exp(-x))
        self.out.append(y)      # 入栈
        return y

    def backward(self, dout):
        y = self.out[0]         # 出栈
        return dout * y * (1 - y)
