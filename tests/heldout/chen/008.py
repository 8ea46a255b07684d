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
        n_in, n_out = self.W.shape
        assert dout.shape[1] == n_out
        Wt = self.W.reshape(n_out, n_in)        # W^T，(D_out, D_in)
        dx = np.dot(dout, Wt).reshape(self.original_x_shape)
        self.db = np.add.reduce(dout, axis=0)
        self.dW = np.dot(self.x.T, dout)
        ########## End ##########
        return dx
