import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = None
        self.db = None

    def forward(self, x):
        # 先展平 x
        self.shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        y = self.x @ self.W
        return y

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        dx = dout @ self.W.T
        return dx.reshape(self.shape)
