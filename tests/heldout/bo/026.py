import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        self.x = x
        return out

    def backward(self, dout):
        ########## Begin ##########
        ex = np.exp(self.x)
        dx = dout * ex / (1 + ex)      # e^x/(1+e^x)^2
        ########## End ##########
        return dx
