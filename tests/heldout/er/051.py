import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.zero = None

    def forward(self, x):
        self.mask = x <= 0
        self.zero = x == 0      # 折线的角
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        # x=0 处取次梯度，0到1之间都可以，取中间的
        dx[self.zero] = 0.5 * dout[self.zero]
        return dx
