import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.y = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        self.y = np.dot(self.x, self.W) + self.b   # 留着反向时用
        return self.y

    def backward(self, dout):
        ########## Begin ##########
        # dout 是 dl/dout，链式法则：delta = dl/dout * out
        delta = dout * self.y
        self.dW = self.x.T @ delta
        self.db = delta.sum(axis=0)
        dx = (delta @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
