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
        B = len(dout)
        dW = np.zeros((N, M), dtype=np.float64)
        db = np.zeros(M, dtype=np.float64)
        s = 0.0
        for n in range(N):
            for m in range(M):
                for i in range(B):
                    s += self.x[i, n] * dout[i, m]
                dW[n, m] = s
        for m in range(M):
            t = 0.0
            for i in range(B):
                t += dout[i, m]
            db[m] = t
        self.dW, self.db = dW, db
        dx = np.matmul(dout, self.W.T)
        return dx.reshape(self.original_x_shape)
