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
        # y = xW + b
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """全连接层反向传播"""
        B, N = self.x.shape
        M = self.W.shape[1]
        dW = np.zeros((N, M))
        db = np.zeros(M)
        dx = np.zeros((B, N))
        # i: 第1行到第B行；m: 第1列到第M列
        for i in range(1, B):
            for m in range(1, M):
                db[m] += dout[i, m]
                for n in range(N):
                    dW[n, m] += dout[i, m] * self.x[i, n]
                    dx[i, n] += dout[i, m] * self.W[n, m]
        self.dW = dW
        self.db = db
        dx = dx.reshape(self.original_x_shape)
        return dx
