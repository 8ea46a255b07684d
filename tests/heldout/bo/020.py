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
        # 省一块内存: 直接写到 self.x 里
        np.dot(dout, self.W.T, out=self.x)
        dx = self.x.reshape(self.original_x_shape)
        self.dW = np.dot(self.x.T, dout)
        self.db = dout.sum(axis=0)
        ########## End ##########
        return dx
