# 作业：全连接层
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
        b_size = dout.shape[0]
        n_in = self.W.shape[0]
        dx = np.zeros((b_size, n_in), dtype=int)   # 先开一个空数组
        for i in range(b_size):
            for n in range(n_in):
                dx[i, n] = np.sum(dout[i, :] * self.W[n, :])
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        dx = dx.reshape(self.original_x_shape)     # 第4节的例子对上了
        ########## End ##########
        return dx
