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
        dW = np.zeros([N, M], dtype=int)
        for n in range(N):
            for m in range(M):
                dW[n][m] = np.sum(self.x[:, n] * dout[:, m])
        self.dW = dW
        self.db = np.array([np.sum(dout[:, m]) for m in range(M)])
        dx = np.matmul(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
