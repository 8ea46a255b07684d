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
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        N, M = self.W.shape
        self.dW = np.zeros_like(self.W, dtype=int)
        for n in range(N):
            for m in range(M):
                self.dW[n, m] = self.x[:, n] @ dout[:, m]   # 第 n 列和第 m 列的内积
        self.db = dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
