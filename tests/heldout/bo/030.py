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
        # Jacobian 是对角矩阵, dx = dout @ J
        J = np.diag(self.out * (1 - self.out))
        dx = np.dot(dout, J)
        ########## End ##########
        return dx
