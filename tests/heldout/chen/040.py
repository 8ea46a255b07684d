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
        # 先全部置 0，再把 x > 0 的位置填进去
        dx = np.zeros_like(self.mask, dtype=np.int64)
        opened = np.logical_not(self.mask)
        dx[opened] = dout[opened]
        ########## End ##########
        return dx
