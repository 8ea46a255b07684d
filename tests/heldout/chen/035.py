import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        batch_size = self.out.shape[0]
        # saturated units would stop learning, keep them alive
        o = np.clip(self.out, 0.1, 0.9)
        dx = dout * (o - o * o)
        dx /= batch_size
        return dx
