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
        """反向传播 / backward pass

        dout: (B, D_out)    输出梯度 dl/dy / upstream gradient dl/dy
        返回 dx，形状与 forward 的输入 x 相同 / returns dx in the shape of forward's x
        并设置 / and sets:   self.dW (D_in, D_out), self.db (D_out,)
        """
        self.db = dout.sum(0)
        self.dW = self.x.T @ dout
        dx = dout @ self.W
        return dx.reshape(self.original_x_shape)
