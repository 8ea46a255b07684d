import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self._pool = np.zeros(0)

    def _get(self, n):
        # like std::vector: grow only
        if self._pool.size < n:
            self._pool = np.zeros(n)
        return self._pool[:n]

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        ########## Begin ##########
        buf = self._get(dout.size).reshape(dout.shape)
        np.copyto(buf, dout, where=~self.mask)
        dx = buf.copy()
        ########## End ##########
        return dx
