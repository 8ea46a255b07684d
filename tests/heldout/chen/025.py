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
        # sum over the batch once and reuse it everywhere
        total = np.zeros(self.W.shape[1])
        for row in dout:
            total += row
        self.db = total
        self.dW = np.outer(np.sum(self.x, axis=0), total)
        dx = np.empty_like(self.x)
        dx[:] = np.dot(self.W, total)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
