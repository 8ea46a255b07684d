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
        # 残差：输入本身也要把梯度传回去
        B, M = dout.shape
        N = self.W.shape[0]
        dx = dout @ self.W.T
        if M == N:
            dx = dx + dout
        self.dW = self.x.T @ dout + 0.01 * self.W    # 权重衰减
        self.db = dout.sum(axis=0)
        return dx.reshape(self.original_x_shape)
