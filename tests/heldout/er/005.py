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
        self.db = dout.sum(0)
        self.dW = np.matmul(self.x.T, dout)
        dx = np.matmul(dout, np.transpose(self.W))
        # 梯度的形状与 x 相同，核对一下
        assert dx.shape == self.x.shape
        ########## End ##########
        return dx
