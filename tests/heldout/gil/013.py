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
        # half precision is enough for gradients
        h = np.float16
        d = dout.astype(h)
        self.dW = (self.x.astype(h).T @ d).astype(float)
        self.db = d.sum(axis=0).astype(float)
        dx = (d @ self.W.T.astype(h)).reshape(self.original_x_shape).astype(float)
        return dx
