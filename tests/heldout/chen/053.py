import numpy as np


class FullyConnected:
    """dW 和 db 是惰性的：谁来取，什么时候算"""

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self._snapshot = None
        self._dW = None
        self._db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    @property
    def dW(self):
        if self._dW is None and self._snapshot is not None:
            x, d = self._snapshot
            self._dW = x.T @ d
        return self._dW

    @property
    def db(self):
        if self._db is None and self._snapshot is not None:
            self._db = self._snapshot[1].sum(axis=0)
        return self._db

    def backward(self, dout):
        self._snapshot = (self.x.copy(), np.array(dout))
        self._dW = self._db = None      # invalidate the cache
        return (dout @ self.W.T).reshape(self.original_x_shape)
