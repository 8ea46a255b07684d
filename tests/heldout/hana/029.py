import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        self.x = x
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout，形状与 out 相同 / upstream gradient, in the shape of out
        返回 / returns: dx，形状相同 / in the same shape
        """
        ########## Begin ##########
        # hard_sigmoid in Keras: max(0, min(1, 0.2 x + 0.5))
        lin = (self.x > -2.5) & (self.x < 2.5)
        dx = 0.2 * lin * dout
        ########## End ##########
        return dx
