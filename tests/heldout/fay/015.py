import numpy as np


class FullyConnected:
    cache = {}

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        x2 = x.reshape(x.shape[0], -1)
        self.cache['shape'] = x.shape
        self.cache['x'] = x2
        return x2 @ self.W + self.b

    def backward(self, dout):
        ########## Begin ##########
        xT = self.cache['x'].T
        self.dW = xT @ dout
        self.db = dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(self.cache['shape'])
        ########## End ##########
        return dx
