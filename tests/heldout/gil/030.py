import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        y = self.out
        inner = np.sum(y * dout, axis=-1, keepdims=True)
        dx = y * (dout - inner)
        return dx
