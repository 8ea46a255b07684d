import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = np.zeros_like(W)
        self.db = np.zeros_like(b)

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        # 累积梯度 (same as .grad in torch)
        self.dW = self.dW + self.x.T @ dout
        self.db = self.db + dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(*self.original_x_shape)
        ########## End ##########
        return dx
