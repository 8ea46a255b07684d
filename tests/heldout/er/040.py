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
        # 雅可比矩阵是对角的，先变成矩阵再相乘
        J = np.diag((self.out * (1 - self.out)).flatten())
        dx = np.dot(J, dout.flatten())
        ########## End ##########
        return dx
