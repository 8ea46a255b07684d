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
        # 先展平，再做 y = xW + b
        self.original_x_shape = x.shape
        flat = x.reshape(len(x), -1)
        self.x = flat
        return flat @ self.W + self.b

    def backward(self, dout):
        B = self.x.shape[0]
        # y 对 b 求导，b 被广播了 B 次，所以再乘 B
        self.db = B * dout.sum(axis=0)
        # 每个 W 只被一个输入用到，除以输入个数
        self.dW = self.x.T @ dout / self.x.shape[1]
        dx = dout @ self.W.T * self.W.shape[1]
        return dx.reshape(self.original_x_shape)
