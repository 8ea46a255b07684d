import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.sign = None

    def forward(self, x):
        self.mask = x <= 0
        self.sign = np.sign(x)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        ########## Begin ##########
        # sign = -1, 0, 1  ->  gate = 0, 0.5, 1   (the corner gets the mean of both sides)
        gate = (self.sign + 1) / 2
        dx = gate * dout
        ########## End ##########
        return dx
