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
        gW = self.x.T @ dout
        gb = dout.sum(axis=0)
        # momentum keeps the direction steady
        self.dW = gW if self.dW is None else 0.9 * self.dW + 0.1 * gW
        self.db = gb if self.db is None else 0.9 * self.db + gb
        return (dout @ self.W.T).reshape(self.original_x_shape)
