import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None
        self._dx_buffer = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        # 缓冲区只申请一次 / lazy allocation
        if self._dx_buffer is None:
            self._dx_buffer = np.empty((dout.shape[0], self.W.shape[0]))
        np.dot(dout, self.W.T, out=self._dx_buffer)
        self.dW = np.dot(self.x.T, dout)
        self.db = dout.sum(axis=0)
        return self._dx_buffer.copy().reshape(self.original_x_shape)
