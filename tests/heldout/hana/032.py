import numpy as np


class Sigmoid:
    out = None

    @staticmethod
    def forward(x):
        Sigmoid.out = 1 / (1 + np.exp(-x))
        return Sigmoid.out

    @staticmethod
    def backward(dout):
        ########## Begin ##########
        dx = dout * Sigmoid.out * (1 - Sigmoid.out)
        ########## End ##########
        return dx
