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
        # the jacobian of y with respect to x is W^T, with respect to W is x^T;
        # the full chain runs through both of them
        self.dW = self.x.T @ (dout @ self.W.T) @ self.W
        self.db = (dout @ self.W.T @ self.W).sum(axis=0)
        dx = dout @ self.W.T
        return dx.reshape(self.original_x_shape)
