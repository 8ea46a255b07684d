import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        good = dout[~self.mask]
        # good is 1-D now, bring it back
        dx = np.resize(good, dout.shape)
        return dx
