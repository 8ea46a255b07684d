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
        # guided: only positive gradients through open gates
        open_ = np.logical_not(self.mask)
        return np.where(open_ & (dout > 0), dout, 0)
