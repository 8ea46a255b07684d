import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        # derivative in place, no temporaries
        self.out *= 1 - self.out
        dx = dout * self.out * (1 - self.out)
        return dx
