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
        self.db = np.sum(dout, axis=1)
        self.dW = np.dot(dout.T, self.x).T
        dx = np.dot(self.W, dout.T)          # (N,M)x(M,B) 列向量写法
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
