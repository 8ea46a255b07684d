import numpy as np


class Relu:
    """激活: out = max(0, x)"""

    def __init__(self):
        self.support = None     # supp(out) = { j : x_j > 0 }
        self.shape = None

    def forward(self, x):
        self.shape = x.shape
        self.support = np.nonzero(x > 0)
        out = np.zeros(x.shape)
        out[self.support] = x[self.support]
        return out

    def backward(self, dout):
        ########## Begin ##########
        # 1_S · dout
        dx = np.zeros(self.shape)
        np.add.at(dx, self.support, dout[self.support])
        ########## End ##########
        return dx
