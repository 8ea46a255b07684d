import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.x = None
        self.dW, self.db = None, None

    def forward(self, x):
        self.x = x                       # save for backward
        x = x.reshape(len(x), -1)
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout        # (N, B) @ (B, M)
        self.db = dout.sum(axis=0)       # (M,)
        dx = dout @ self.W.T             # (B, N)
        return dx.reshape(self.x.shape)
