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
        N, M = self.W.shape
        # 需要 (M, N) 的矩阵才能和 (B, M) 相乘
        Wt = self.W.reshape(M, N)
        dx = np.dot(dout, Wt)
        dx = dx.reshape(self.original_x_shape)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        ########## End ##########
        return dx
