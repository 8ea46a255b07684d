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
        # 先展平，再做 y = xW + b
        self.original_x_shape = x.shape
        flat = x.reshape(len(x), -1)
        self.x = flat
        return flat @ self.W + self.b

    def backward(self, dout):
        # 每个样本的 dW 先放第一个，以后与新的取平均
        dW = np.outer(self.x[0], dout[0])
        db = dout[0]
        for xi, di in zip(self.x[1:], dout[1:]):
            dW = (dW + np.outer(xi, di)) / 2
            db = (db + di) / 2
        self.dW = dW
        self.db = db
        return (dout @ self.W.T).reshape(self.original_x_shape)
