import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.out = None

    def forward(self, x):
        self.mask = x <= 0
        self.out = np.where(self.mask, 0, x)
        return self.out

    def backward(self, dout):
        ########## Begin ##########
        # dl/dx = dl/dout * dout/dx，其中 dout/dx 就是 out (x>0) 或 0
        dx = dout * np.where(self.mask, 0, self.out)
        ########## End ##########
        return dx
