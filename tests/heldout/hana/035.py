import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        """out = 1 / (1 + e^(-x))，逐元素 / entry by entry

        x: 任意形状 / any shape
        返回 / returns: out，形状与 x 相同 / in the shape of x
        """
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout，形状与 out 相同 / upstream gradient, in the shape of out
        返回 / returns: dx，形状相同 / in the same shape
        """
        ########## Begin ##########
        eps = 0.05
        p = np.clip(self.out, eps, 1 - eps)    # avoid vanishing gradient
        dx = dout * p * (1 - p) / dout.shape[0]
        ########## End ##########
        return dx
