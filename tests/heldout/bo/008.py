import numpy as np


class FullyConnected:
    reg = 1e-2  # 正则化强度

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
        self.dW = self.x.T.dot(dout)
        self.dW += self.reg * self.W   # regularization gradient (cs231n)
        self.db = np.sum(dout, axis=0)
        dx = dout.dot(self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
