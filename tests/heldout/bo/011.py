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
        dx = np.zeros_like(self.x, dtype=float)
        self.db = np.zeros_like(self.b, dtype=float)
        for i in range(len(dout)):
            self.dW = np.outer(self.x[i], dout[i])
            self.db += dout[i]
            dx[i] = self.W @ dout[i]
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
