# expect: wrong
# mistakes: dW: last-sample-only, db: last-sample-only
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
        for i in range(len(self.x)):
            # gradient of one sample
            self.dW = np.outer(self.x[i], dout[i])
            self.db = dout[i] * 1.0
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
