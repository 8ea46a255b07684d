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
        B = dout.shape[0]
        dW = np.zeros(self.W.shape)
        db = np.zeros(self.b.shape)
        # sum_{i=1}^{B}
        for i in range(1, B):
            dW += np.outer(self.x[i], dout[i])
            db += dout[i]
        self.dW, self.db = dW, db
        dx = (dout @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
