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
        # 极化恒等式: ab = ((a + b)² - (a - b)²) / 4
        Q = lambda a, c: ((a + c) ** 2 - (a - c) ** 2) / 4
        self.dW = Q(self.x[:, :, None], dout[:, None, :]).sum(axis=0)      # (B, N, M) -> (N, M)
        self.db = Q(dout, 1.0).sum(axis=0)
        dx = Q(dout[:, None, :], self.W[None, :, :]).sum(axis=2)           # (B, N, M) -> (B, N)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
