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
        dx = np.zeros(dout.shape, dtype=dout.dtype)
        np.copyto(dx, dout, where=np.invert(self.mask))
        ########## End ##########
        return dx
