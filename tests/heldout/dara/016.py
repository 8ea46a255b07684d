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
        self.dW = self.x.T @ dout
        # db 与 dW 的列对应
        self.db = self.dW.sum(axis=0)
        dx = dout @ self.dW.T
        return dx.reshape(self.original_x_shape)
