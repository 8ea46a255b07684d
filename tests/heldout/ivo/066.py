import numpy as np


class FullyConnected:
    cache = None

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
        FullyConnected.cache = (self.x, self.W)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """反向传播 / backward pass

        dout: (B, D_out)    输出梯度 dl/dy / upstream gradient dl/dy
        返回 dx，形状与 forward 的输入 x 相同 / returns dx in the shape of forward's x
        并设置 / and sets:   self.dW (D_in, D_out), self.db (D_out,)
        """
        ########## Begin ##########
        x, W = FullyConnected.cache
        dx = dout.dot(W.T).reshape(self.original_x_shape)
        self.dW = x.T.dot(dout)
        self.db = dout.sum(axis=0)
        ########## End ##########
        return dx
