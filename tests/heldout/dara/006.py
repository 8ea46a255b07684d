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
        # b 也是参数，先加到 W 上再乘
        return np.dot(self.x, self.W + self.b)

    def backward(self, dout):
        self.dW = self.x.T @ dout
        # b 乘了每个样本的所有 x
        self.db = np.einsum('in,im->m', self.x, dout)
        dx = dout @ (self.W + self.b).T
        return dx.reshape(self.original_x_shape)
