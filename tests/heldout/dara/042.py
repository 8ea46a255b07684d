import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        # jacobian as a full matrix, then J^T times dout
        o = self.out.ravel()
        J = np.outer(1 - o, o)
        dx = J.T @ dout.ravel()
        return dx.reshape(dout.shape)
