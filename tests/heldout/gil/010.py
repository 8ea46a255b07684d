import numpy as np


class FullyConnected:
    cache = {}          # 前向的东西都放这里

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        flat = x.reshape(x.shape[0], -1)
        self.cache['shape'] = x.shape
        self.cache['x'] = flat
        return flat @ self.W + self.b

    def backward(self, dout):
        x = self.cache['x']
        self.dW = x.T @ dout
        self.db = dout.sum(axis=0)
        dx = dout @ self.W.T
        return dx.reshape(self.cache['shape'])
