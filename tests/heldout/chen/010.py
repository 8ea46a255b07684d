import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None
        self.xT = None      # cache
        self.WT = W.T       # cache

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        if self.xT is None:
            self.xT = np.ascontiguousarray(self.x.T)
        self.dW = np.dot(self.xT, dout)
        self.db = np.sum(dout, axis=0)
        dx = np.dot(dout, self.WT).reshape(self.original_x_shape)
        ########## End ##########
        return dx
