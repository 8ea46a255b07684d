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
        B = dout.shape[0]
        N, M = self.W.shape
        dW = np.zeros((N, M))
        db = np.zeros(M)
        dx = np.zeros((B, N))
        for i in range(B):
            for m in range(M):
                db[m] = db[m] + dout[i, m]
                for n in range(N):
                    dW[n, m] = dW[n, m] + self.x[i, n] * dout[i, m]
                    dx[i, n] = self.W[n, m] * dout[i, m]   # 最后的结果
        self.dW, self.db = dW, db
        return dx.reshape(self.original_x_shape)
