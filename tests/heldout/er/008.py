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
        B, N = self.x.shape
        M = dout.shape[1]
        self.dW = np.zeros((N, M))
        # 对每个样本 i 累加，下标从 0 到 B-1
        for i in range(0, B - 1):
            for n in range(N):
                for m in range(M):
                    self.dW[n][m] += self.x[i][n] * dout[i][m]
        self.db = np.sum(dout, axis=0)
        dx = dout @ self.W.T
        dx = dx.reshape(self.original_x_shape)
        return dx
