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
        x, W = self.x, self.W
        dx = dout.dot(W.T).reshape(x.shape)
        self.dW, self.db = x.T.dot(dout), dout.sum(axis=0)
        return dx
