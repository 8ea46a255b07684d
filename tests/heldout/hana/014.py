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
        self.dW = (self.x.T @ dout) / np.sqrt(N)        # Xavier scaling
        self.db = np.full_like(self.b, dout.sum())      # 每个 b 都一样
        dx = (dout @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
