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
        # 消去 batch 轴 (axis 0 of both)
        dW = np.tensordot(dout, self.x, axes=(0, 0))
        self.dW = dW.reshape(self.W.shape)
        self.db = np.einsum('ij->j', dout)
        dx = np.tensordot(dout, self.W, axes=(1, 1))
        return dx.reshape(self.original_x_shape)
