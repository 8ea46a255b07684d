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
        # 同一个 b_m 加在每个样本上，系数是 1，一共 B 个样本
        batch = dout.shape[0]
        self.db = np.ones(self.b.shape) * batch
        self.dW = self.x.T @ dout
        dx = dout @ self.W.T
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
