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
        x, W = self.x, self.W
        self.dW = np.einsum('in,im->nm', x, dout)
        # y_im = ... + b_m  =>  db = sum over m of dout_im
        self.db = np.einsum('im->i', dout)
        dx = np.einsum('im,nm->in', dout, W).reshape(self.original_x_shape)
        ########## End ##########
        return dx
