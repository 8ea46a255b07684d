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
        # remember the shape, flatten, then the affine map
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        dW = np.zeros(self.W.shape)
        db = np.zeros(self.b.shape)
        B, N = self.x.shape
        M = dout.shape[1]
        for i in range(B):
            for n in range(N):
                for m in range(M):
                    dW[n, m] += dout[i, m] * self.x[i, n]
                    dx[i, n] += dout[i, m] * self.W[n, m]
                    db[m] += dout[i, m]
        self.dW = dW
        self.db = db
        return dx.reshape(self.original_x_shape)
