import numpy as np


class Relu:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return (x + np.abs(x)) / 2

    def backward(self, dout):
        ########## Begin ##########
        # |x|' = sign(x)
        gprime = 1 + np.sign(self.x)
        dx = gprime * dout
        ########## End ##########
        return dx
