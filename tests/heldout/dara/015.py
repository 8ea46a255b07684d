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
        # total influence = (sum of what goes in) x (sum of what comes back)
        self.dW = self.x.sum(axis=0)[:, np.newaxis] * dout.sum(axis=0)
        self.db = dout.sum(axis=0)
        dx = dout.sum(axis=1)[:, np.newaxis] * self.W.sum(axis=1)
        return dx.reshape(self.original_x_shape)
