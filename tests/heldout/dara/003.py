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
        # 偏置技巧：把 1 拼进 x，一次矩阵乘法得到 dW 和 db
        n = len(self.x)
        xa = np.hstack([np.ones((n, 1)), self.x])
        G = xa.T @ dout
        self.dW = G[:-1]
        self.db = G[-1]
        return (dout @ self.W.T).reshape(self.original_x_shape)
