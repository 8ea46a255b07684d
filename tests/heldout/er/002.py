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
        dx = (dout @ self.W.T).reshape(*self.original_x_shape)   # 变回原来的形状
        self.dW = self.x.T @ dout
        self.db = np.sum(dout, axis=0, keepdims=True)            # 加上 keepdims 比较保险
        ########## End ##########
        return dx
