import numpy as np


class FullyConnected:
    """dW 和 db 用到时才计算 (lazy)"""

    def __init__(self, W, b):
        self.W, self.b = W, b
        self._x = None
        self._shape = None
        self._g = None

    def forward(self, x):
        self._shape = x.shape
        self._x = x.reshape(x.shape[0], -1)
        return np.add(np.matmul(self._x, self.W), self.b)

    @property
    def dW(self):
        if self._g is None:
            return None
        return np.einsum('bn,bm->nm', self._x_at_backward, self._g)

    @property
    def db(self):
        return None if self._g is None else np.einsum('bm->m', self._g)

    def backward(self, dout):
        self._g = np.array(dout)            # 自己的副本
        self._x_at_backward = np.array(self._x)
        res = np.empty((len(dout), len(self.W)))
        np.einsum('bm,nm->bn', dout, self.W, out=res)
        return res.reshape(self._shape)
