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
        # y = xW + b
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """全连接层反向传播"""
        ########## Begin ##########
        x, W = self.x, self.W
        # db：i 是行号，对行求和 -> axis=1
        self.db = dout.sum(axis=1)
        self.dW = x.T.dot(dout)
        dx = dout.dot(W.T)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
