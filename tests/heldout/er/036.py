import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None
        self.x = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.x = x
        self.out = out
        return out

    def backward(self, dout):
        # σ'(x) = x(1-x)
        dx = dout * self.x * (1 - self.x)
        return dx
