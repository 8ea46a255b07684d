import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None
        self._WT = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def _once(self, dout):
        # 只算一次，节省时间
        if self.dW is None:
            self.dW = np.dot(self.x.T, dout)
        if self.db is None:
            self.db = dout.sum(axis=0)

    def backward(self, dout):
        self._once(dout)
        dx = np.dot(dout, self.W.T)
        return dx.reshape(self.original_x_shape)
