# expect: pass
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
        x = x.reshape(x.shape[0], -1)
        self.x = x
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        输入 = self.x
        输出梯度 = dout
        self.dW = 输入.T @ 输出梯度
        self.db = 输出梯度.sum(0)
        dx = (输出梯度 @ self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx
