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
        m = self.x.shape[0]
        self.dW = np.dot(self.x.T, dout)
        # y = xW + b  ->  dl/db = Σ_i dout_im * b_m
        self.db = np.einsum('im,m->m', dout, self.b)
        dx = np.dot(dout, self.W.T) / m
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
