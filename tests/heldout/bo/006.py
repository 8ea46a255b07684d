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
        d = dout
        self.dW, self.db = self.x.T @ d, d.sum(axis=0)
        dx = (d @ self.W.T).reshape(self.original_x_shape[::-1]).T   # 转回 x 的形状
        ########## End ##########
        return dx
