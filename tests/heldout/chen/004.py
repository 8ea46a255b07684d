import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        # allocate the gradient buffers once, so that backward does not allocate
        self.dW = np.zeros(W.shape)
        self.db = np.zeros(b.shape)

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        for xi, di in zip(self.x, dout):
            self.dW += np.outer(xi, di)
            self.db += di
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
