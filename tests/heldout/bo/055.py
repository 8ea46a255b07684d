import numpy as np


class FullyConnected:
    __slots__ = ('W', 'b', 'X1', 'shp', 'dW', 'db')

    def __init__(self, W, b):
        self.W, self.b = W, b
        self.X1 = self.shp = self.dW = self.db = None

    def forward(self, x):
        self.shp = x.shape
        n = len(x)
        # 增广: [x 1] [W; b]
        self.X1 = np.c_[x.reshape(n, -1), np.ones(n)]
        return self.X1 @ np.vstack((self.W, self.b))

    def backward(self, dout):
        ########## Begin ##########
        G = self.X1.T @ dout          # (N+1, M)
        self.dW, self.db = G[:-1], G[-1]
        dx = (dout @ self.W.T).reshape(self.shp)
        ########## End ##########
        return dx
