import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        ########## Begin ##########
        s = self.out.astype(np.float32)
        dx = np.multiply(dout, s - s * s)     # float32 够用了
        ########## End ##########
        return dx
