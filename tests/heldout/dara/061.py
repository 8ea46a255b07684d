import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.kept = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        self.kept = out
        return out

    def backward(self, dout):
        # derivative of x*step(x) by the product rule: step + x
        step = 1.0 - self.mask
        return dout * (step + self.kept)
