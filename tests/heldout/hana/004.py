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
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0, keepdims=True)  # keep it 2-D so it broadcasts
        dx = np.matmul(dout, self.W.swapaxes(0, 1)).reshape(self.original_x_shape)
        ########## End ##########
        return dx
