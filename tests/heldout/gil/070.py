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
        # mask=0 -> 取 dout，mask=1 -> 取 0
        dx = np.choose(self.mask.astype(int), (dout, 0.0))
        return dx
