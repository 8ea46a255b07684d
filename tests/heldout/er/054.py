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
        rows = dout.shape[0]
        cols = dout.shape[1]
        dx = np.zeros_like(dout)
        for i in range(rows):
            for j in range(cols):
                if self.mask[i, j]:
                    dx[i, j] = 0
                else:
                    dx[i, j] = dout[i, j]
        ########## End ##########
        return dx
