import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        # hard sigmoid: slope 1/4 in the middle, 0 outside
        x = np.log(self.out / (1 - self.out))
        inside = np.abs(x) < 2
        return np.where(inside, 0.25 * dout, 0.0)
