import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        # numerically stable version, two cases
        pos = x >= 0
        out = np.empty_like(x, dtype=float)
        out[pos] = 1 / (1 + np.exp(-x[pos]))
        out[~pos] = np.exp(x[~pos])
        self.out = out
        return out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
