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
        self.dW = np.dot(self.x.T, dout)
        # db 剩下 M 个数
        self.db = np.ones_like(self.b) * np.sum(dout)
        dx = np.dot(dout, self.W.T)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
