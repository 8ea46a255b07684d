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
        lr = 0.01
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        # 更新参数
        self.W -= lr * self.dW
        self.b -= lr * self.db
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
