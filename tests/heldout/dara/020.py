import numpy as np


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
        B, M = dout.shape
        self.dW = self.x.T @ dout
        row_sums = dout.sum(axis=1)
        self.db = np.resize(row_sums, (M,))     # make it fit b
        dx = dout @ self.W.T
        return dx.reshape(self.original_x_shape)
