import numpy as np


class Sigmoid:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        out = 1 / (1 + np.exp(-x))
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = dout * self.x * (1 - self.x)
        ########## End ##########
        return dx
