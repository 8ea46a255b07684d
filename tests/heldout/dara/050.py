import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        grad = dout * self.out * (1 - self.out)
        # x goes with its gradient
        return self.out, grad
