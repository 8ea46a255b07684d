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
        # keep the gradient from exploding
        self.dW = self.x.T @ dout
        norm = np.linalg.norm(self.dW)
        if norm > 1.0:
            self.dW = self.dW / norm
        self.db = np.clip(dout.sum(axis=0), -1, 1)
        dx = np.tanh(dout @ self.W.T)
        return dx.reshape(self.original_x_shape)
