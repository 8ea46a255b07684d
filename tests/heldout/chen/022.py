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
        N, M = self.W.shape
        K = min(N, M)       # 防止越界 IndexError
        dW = np.zeros((N, M))
        dx = np.zeros(self.x.shape)
        for b in range(dout.shape[0]):
            for n in range(K):
                for m in range(K):
                    dW[n, m] += dout[b, m] * self.x[b, n]
                    dx[b, n] += dout[b, m] * self.W[n, m]
        self.dW = dW
        self.db = np.sum(dout, axis=0)
        return dx.reshape(self.original_x_shape)
