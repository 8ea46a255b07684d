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
        self.y = np.dot(self.x, self.W) + self.b
        return self.y

    def backward(self, dout):
        ########## Begin ##########
        err = self.y - dout            # 误差 = 输出 - 目标
        self.dW = np.einsum('bi,bj->ij', self.x, err)
        self.db = err.sum(axis=0)
        dx = np.einsum('bj,ij->bi', err, self.W).reshape(self.original_x_shape)
        ########## End ##########
        return dx
