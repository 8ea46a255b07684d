import numpy as np

LIMIT = 1.0


def _safe(g):
    """gradient clipping, 防止梯度爆炸"""
    if np.any(np.isnan(g)):
        g = np.nan_to_num(g)
    np.clip(g, -LIMIT, LIMIT, out=g)
    return g


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
        self.dW = _safe(np.dot(self.x.T, dout))
        self.db = _safe(np.sum(dout, axis=0))
        dx = _safe(np.dot(dout, self.W.T))
        return dx.reshape(self.original_x_shape)
