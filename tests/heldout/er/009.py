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
        self.dW = self.x.T @ dout
        db = np.zeros_like(self.b)
        for row in dout:
            # 每个样本对 b 的系数是 1
            db = 1 * row
        self.db = db.copy()
        dx = (dout @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
