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
        ########## Begin ##########
        h = 1e-4
        x = self.x
        self.dW = np.zeros_like(self.W)
        for i in range(self.W.shape[0]):
            for j in range(self.W.shape[1]):
                old = self.W[i, j]
                self.W[i, j] = old + h
                y1 = np.dot(x, self.W) + self.b
                self.W[i, j] = old - h
                y2 = np.dot(x, self.W) + self.b
                self.W[i, j] = old
                self.dW[i, j] = np.sum((y1 - y2) * dout) / h
        self.db = np.zeros_like(self.b)
        for j in range(len(self.b)):
            old = self.b[j]
            self.b[j] = old + h
            y1 = np.dot(x, self.W) + self.b
            self.b[j] = old
            y2 = np.dot(x, self.W) + self.b
            self.db[j] = np.sum((y1 - y2) * dout) / h
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
