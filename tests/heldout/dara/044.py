import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        # two cases: the curve bends differently left and right of zero
        right = self.out > 0.5
        left = ~right
        dx = np.zeros_like(dout)
        dx[right] = (dout * self.out * (1 - self.out))[right]
        dx[left] = (dout * self.out * self.out)[left]
        return dx
