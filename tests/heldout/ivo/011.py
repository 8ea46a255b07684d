import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        out = np.maximum(0, x, out=x)
        self.mask = x < 0
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = dout.copy()
        dx[self.mask] = 0
        ########## End ##########
        return dx
