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
        # 转置就是把形状反过来
        B, N = self.x.shape
        M = self.W.shape[1]
        xt = self.x.reshape(N, B)
        wt = self.W.reshape(M, N)
        self.dW = np.matmul(xt, dout)
        self.db = np.matmul(np.ones(B), dout)
        return np.matmul(dout, wt).reshape(self.original_x_shape)
