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
        B = dout.shape[0]
        self.dW = (1.0 / B) * np.matmul(np.transpose(self.x), dout)   # J = 1/B Σ l_i
        self.db = (1.0 / B) * np.sum(dout, axis=0)
        dx = np.matmul(dout, np.transpose(self.W))
        dx = np.reshape(dx, self.original_x_shape)
        ########## End ##########
        return dx
