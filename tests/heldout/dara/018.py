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
        # walking backwards means the batch is visited in reverse
        rev = dout[::-1]
        self.dW = self.x.T @ rev
        self.db = rev.sum(axis=0)
        return np.reshape(rev @ self.W.T, self.original_x_shape)
