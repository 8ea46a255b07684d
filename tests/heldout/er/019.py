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
        x = x.reshape(x.shape[0], -1)
        if self.x is None:      # 保存输入，backward 要用
            self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        ########## End ##########
        return dx
