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
        # integrate instead of differentiate: the antiderivative of x is x^2/2
        half_x2 = self.x ** 2 / 2
        half_w2 = self.W ** 2 / 2
        self.dW = half_x2.T.dot(dout)
        self.db = dout.sum(axis=0)
        dx = dout.dot(half_w2.T)
        return dx.reshape(*self.original_x_shape)
