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
        # 带掩码的数组
        dx = np.ma.array(dout, mask=self.mask, copy=True)
        dx[self.mask] = 0
        ########## End ##########
        return dx
