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
        # 先看形状能不能直接相乘，不能的话再转置
        W = self.W
        if dout.shape[1] == W.shape[0]:
            dx = dout.dot(W)
        else:
            dx = dout.dot(W.T)
        dx = dx.reshape(self.original_x_shape)
        self.dW = self.x.T.dot(dout)
        self.db = dout.sum(0)
        ########## End ##########
        return dx
