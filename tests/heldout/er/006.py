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
        # y = xW + b
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """全连接层反向传播"""
        ########## Begin ##########
        dw = np.einsum('in,im->nm', self.x, dout)
        self.dW = dw
        self.db = np.einsum('im->m', dout)
        dx = np.einsum('im,nm->in', dout, self.W)
        # 展平的逆操作，网上查到图片要用 order='F'
        dx = np.reshape(dx, self.original_x_shape, order='F')
        ########## End ##########
        return dx
