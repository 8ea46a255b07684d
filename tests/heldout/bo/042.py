import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        self.x = x.copy()
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        ########## Begin ##########
        dx = dout * np.sign(self.x)   # x>0: 1, x=0: 0
        ########## End ##########
        return dx
