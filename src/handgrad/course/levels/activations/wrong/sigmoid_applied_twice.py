# expect: wrong
# class: Sigmoid
# mistakes: dx: applied-twice
import numpy as np

class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1. / (1. + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        ########## Begin ##########
        s = 1 / (1 + np.exp(-self.out))
        dx = dout * s * (1 - s)
        ########## End ##########
        return dx
