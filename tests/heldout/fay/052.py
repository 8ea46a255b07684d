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
        B, N = self.x.shape
        M = len(self.b)
        x, W = self.x, self.W
        self.dW = np.array([[sum(x[i, n] * dout[i, m] for i in range(B)) for m in range(M)] for n in range(N)])
        self.db = np.array([sum(dout[i, m] for i in range(B)) for m in range(M)])
        rows = [[sum(dout[i, m] * W[n, m] for m in range(M)) for n in range(N)] for i in range(B)]
        dx = np.array(rows).reshape(self.original_x_shape)
        ########## End ##########
        return dx
