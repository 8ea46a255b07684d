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
        # 大小类型都和 W、b 一样
        dW = self.W.copy()
        db = self.b
        db[:] = 0
        for i in range(dout.shape[0]):
            dW += self.x[i].reshape(-1, 1) * dout[i].reshape(1, -1)
            db += dout[i]
        self.dW = dW
        self.db = db
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        return dx
