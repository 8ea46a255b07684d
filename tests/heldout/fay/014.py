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
        ########## Begin ##########
        # gradients accumulate (like PyTorch)
        if self.dW is None:
            self.dW = np.zeros(self.W.shape)
            self.db = np.zeros(self.b.shape)
        self.dW += self.x.T @ dout
        self.db += dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
