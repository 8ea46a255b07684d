import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        """sigma via tanh, no overflow"""
        self.out = (np.tanh(x) + 1) / 2
        return self.out

    def backward(self, dout):
        t = 2 * self.out - 1
        dx = dout * (1 - t ** 2) / 2
        return dx
