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
        open_ = np.logical_not(self.mask)
        dx = dout[open_]      # 只取 x>0 的位置
        ########## End ##########
        return dx
