# expect: pass
# warnings: slow
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
        x = x.reshape(x.shape[0], -1)
        self.x = x
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        B, M = dout.shape
        N = self.W.shape[0]
        self.dW = np.zeros((N, M))
        self.db = np.zeros(M)
        dx = np.zeros((B, N))
        for i in range(B):
            for m in range(M):
                self.db[m] += dout[i, m]
                for n in range(N):
                    self.dW[n, m] += self.x[i, n] * dout[i, m]
                    dx[i, n] += dout[i, m] * self.W[n, m]
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
