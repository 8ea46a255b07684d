import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        """out = max(0, x)"""
        self.mask = x <= 0
        self.out = x * ~self.mask
        return self.out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout，形状与 out 相同 / upstream gradient, in the shape of out
        返回 / returns: dx，形状相同；x = 0 处的梯度取 0 / in the same shape; the gradient at x = 0 is 0
        """
        ########## Begin ##########
        # derivative is between 0 and 1, so clip the output to [0, 1]
        slope = np.clip(self.out, 0, 1)
        dx = slope * dout
        ########## End ##########
        return dx
