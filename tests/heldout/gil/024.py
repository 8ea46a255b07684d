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
        if self.x is None:
            self.x = flat
        return np.dot(flat, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T).reshape((len(dout),) + self.original_x_shape[1:])
        self.dW = np.dot(self.x.T, dout)
        self.db = dout.sum(axis=0)
        return dx
