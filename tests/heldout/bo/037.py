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
        ########## Begin ##########
        keep = np.logical_not(self.mask)
        dx = dout[keep].reshape(-1, dout.shape[-1])
        ########## End ##########
        return dx
