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
        dx = np.zeros(dout.shape)
        for i in range(dout.shape[0]):
            if self.mask[i].any():
                continue            # gate closed
            dx[i] = dout[i]
        return dx
