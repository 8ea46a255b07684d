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
        ########## Begin ##########
        # 数值微分，h 越小越准
        h = 1e-12
        y0 = np.dot(self.x, self.W) + self.b
        dW = np.zeros(self.W.shape)
        for idx in np.ndindex(*self.W.shape):
            W1 = self.W.copy()
            W1[idx] += h
            y1 = np.dot(self.x, W1) + self.b
            dW[idx] = np.sum(dout * (y1 - y0) / h)
        self.dW = dW
        self.db = dout.sum(0)
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
