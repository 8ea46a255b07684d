import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        if self.mask is None:
            self.mask = np.empty(x.shape, dtype=bool)
        np.less_equal(x, 0, out=self.mask)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        # 0/1 门
        gate = 1.0 - self.mask
        dx = gate * dout
        return dx
