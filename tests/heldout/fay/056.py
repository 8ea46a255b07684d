import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self._snap = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    @property
    def dW(self):
        if self._snap is None:
            return None
        x, d = self._snap
        return np.einsum('in,im->nm', x, d)

    @property
    def db(self):
        if self._snap is None:
            return None
        return np.einsum('im->m', self._snap[1])

    def backward(self, dout):
        ########## Begin ##########
        # 用到的时候才算 dW, db
        self._snap = (self.x.copy(), dout.copy())
        dx = np.einsum('im,nm->in', dout, self.W).reshape(self.original_x_shape)
        ########## End ##########
        return dx
