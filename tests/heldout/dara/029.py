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
        self.dW = np.tensordot(self.x, dout, axes=([0], [0]))
        self.db = dout.sum(axis=0)
        dx = np.tensordot(dout, self.W, axes=([1], [1]))
        s = self.original_x_shape
        return dx.reshape((s[0],) + s[:0:-1])
