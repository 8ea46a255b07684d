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
        批大小, 输出数 = dout.shape
        输入数 = self.x.shape[1]
        列号 = np.tile(np.arange(输出数), 批大小)
        self.db = np.bincount(列号, weights=dout.ravel(), minlength=输出数)

        self.dW = np.zeros((输入数, 输出数))
        全部乘积 = self.x[:, :, None] * dout[:, None, :]
        哪一行 = np.broadcast_to(np.arange(输入数)[None, :, None], 全部乘积.shape)
        哪一列 = np.broadcast_to(np.arange(输出数)[None, None, :], 全部乘积.shape)
        np.add.at(self.dW, (哪一行, 哪一列), 全部乘积)

        dx = np.add.reduce(dout[:, None, :] * self.W, axis=-1)
        print('backward:', dout.shape, '->', self.original_x_shape)
        return dx.reshape(self.original_x_shape)
