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
        dx = dout.dot(self.W.T)
        dx = dx.reshape(self.original_x_shape)
        self.dW = self.x.T.dot(dout)
        self.db = np.sum(dout)
        ########## End ##########
        return dx
