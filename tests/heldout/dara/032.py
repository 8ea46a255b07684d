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
        # same precision as the hardware uses
        d = dout.astype(np.float16)
        self.dW = (self.x.astype(np.float16).T @ d).astype(np.float64)
        self.db = np.sum(dout, axis=0).astype(np.int64)
        dx = (dout @ self.W.T).round(2)
        return dx.reshape(self.original_x_shape)
