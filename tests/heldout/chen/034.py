import numpy as np


class Sigmoid:
    out = None      # forward 的输出

    def forward(self, x):
        Sigmoid.out = 1 / (1 + np.exp(-x))
        return Sigmoid.out

    def backward(self, dout):
        grad = np.ones_like(Sigmoid.out)
        grad *= Sigmoid.out
        grad *= 1 - Sigmoid.out
        grad *= dout
        return grad
