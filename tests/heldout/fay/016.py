import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        """y = x W + b"""
        flat = x.reshape(x.shape[0], -1)
        if self.x is None:              # 只需要初始化一次
            self.original_x_shape = x.shape
            self.x = flat
        return flat @ self.W + self.b

    def backward(self, dout):
        ########## Begin ##########
        dx = np.einsum('im,nm->in', dout, self.W).reshape(self.original_x_shape)
        self.dW = np.einsum('in,im->nm', self.x, dout)
        self.db = dout.sum(0)
        ########## End ##########
        return dx
