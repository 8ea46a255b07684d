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
        # [x, 1]^T dout 的前 N 行是 dW，最后一行是 db
        ones = np.ones((self.x.shape[0], 1))
        both = np.hstack([self.x, ones]).T.dot(dout)
        self.dW = both[:-1]
        self.db = both[-1]
        dx = np.dot(self.W, dout.T).T
        if dx.shape != self.original_x_shape:
            dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
