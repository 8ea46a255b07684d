import numpy as np


def vec(A):
    """按列堆叠 / stack the columns"""
    return A.reshape(-1, order='F')


def unvec(v, rows, cols):
    return v.reshape((rows, cols), order='F')


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        # vec(A X C) = (C^T ⊗ A) vec(X)
        B, N = self.x.shape
        M = self.W.shape[1]
        d = vec(dout)
        self.dW = unvec(np.kron(np.eye(M), self.x.T) @ d, N, M)          # x^T D I
        self.db = np.kron(np.eye(M), np.ones((1, B))) @ d                # 1^T D I
        dx = unvec(np.kron(self.W, np.eye(B)) @ d, B, N)                 # I D W^T
        dx = np.reshape(dx, self.original_x_shape)
        ########## End ##########
        return dx
