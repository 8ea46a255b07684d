import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        # 用类变量保存，backward 里也能访问
        FullyConnected.shape = x.shape
        FullyConnected.x = x.reshape(x.shape[0], -1)
        return np.dot(FullyConnected.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        x = FullyConnected.x
        self.dW = x.T @ dout
        self.db = np.sum(dout, axis=0)
        dx = (dout @ self.W.T).reshape(FullyConnected.shape)
        ########## End ##########
        return dx
