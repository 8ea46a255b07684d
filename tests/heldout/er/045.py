import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        self.ex = np.exp(-x)
        out = 1 / (1 + self.ex)
        self.out = out
        return out

    def backward(self, dout):
        # e^{-x} / (1+e^{-x})^2
        fenzi = self.ex
        fenmu = 1 + self.ex ** 2
        dx = dout * fenzi / fenmu
        return dx
