# expect: wrong
# class: Sigmoid
# mistakes: dx: not-reshaped
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
        s = self.out.reshape(-1)
        dx = dout.reshape(-1) * s * (1 - s)
        ########## End ##########
        return dx
