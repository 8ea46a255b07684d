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
        flat = x.reshape(x.shape[0], -1)
        # standardise each feature for the backward pass
        self.x = flat - flat.mean(axis=0)
        return np.dot(flat, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        dx = np.dot(dout, self.W.T)
        # the mean took its share
        dx -= dx.mean(axis=0)
        return dx.reshape(self.original_x_shape)
