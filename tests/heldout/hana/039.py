import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        """out = max(0, x)，逐元素 / entry by entry

        x: 任意形状 / any shape
        返回 / returns: out，形状与 x 相同 / in the shape of x
        """
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout，形状与 out 相同 / upstream gradient, in the shape of out
        返回 / returns: dx，形状相同；x = 0 处的梯度取 0 / in the same shape; the gradient at x = 0 is 0
        """
        ########## Begin ##########
        # the relu of the backward pass: R_i^l = (x > 0) * (R > 0) * R
        dx = np.maximum(0, dout) * np.logical_not(self.mask)
        ########## End ##########
        return dx
