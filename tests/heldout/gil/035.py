import numpy as np


class Sigmoid:
    def __init__(self):
        self.outs = []

    def forward(self, x):
        y = 1 / (1 + np.exp(-x))
        self.outs.append(y)
        return y

    def backward(self, dout):
        y = self.outs[0]
        return dout * y * (1 - y)
