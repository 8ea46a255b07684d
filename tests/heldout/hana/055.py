import numpy as np


class FullyConnected(object):
    __slots__ = ('W', 'b', 'x', 'original_x_shape', 'dW', 'db')

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = self.original_x_shape = self.dW = self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = np.reshape(x, (x.shape[0], -1))
        y = np.matmul(self.x, self.W)
        y += self.b
        return y

    def backward(self, dout):
        ########## Begin ##########
        dx = np.empty(self.original_x_shape, dtype=np.float64)
        self.dW = np.empty(self.W.shape)
        self.db = np.empty(self.b.shape)
        np.matmul(self.x.T, dout, out=self.dW)
        np.add.reduce(dout, axis=0, out=self.db)
        np.matmul(dout, self.W.T, out=dx.reshape(self.x.shape))   # 视图，直接写进 dx
        ########## End ##########
        return dx
