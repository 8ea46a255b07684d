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
        if not hasattr(self, 'xT'):
            self.xT = self.x.T.copy()    # 只转置一次, faster
        self.dW = self.xT.dot(dout)
        self.db = dout.sum(axis=0, keepdims=True)
        dx = dout.dot(self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
