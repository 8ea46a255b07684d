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
        # 爱因斯坦求和: 写清楚下标就不会错
        es = np.einsum
        self.dW = es('im,in->nm', dout, self.x)
        self.db = es('im->m', dout)
        dx = es('im,nm->in', dout, self.W).reshape(self.original_x_shape)
        ########## End ##########
        return dx
