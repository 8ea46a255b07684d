import numpy as np


class Relu:
    def __init__(self):
        self.open = None

    def forward(self, x):
        self.open = x > 0
        return np.where(self.open, x, 0.0)

    @property
    def mask(self):
        return ~self.open

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = np.zeros_like(dout, dtype=float)
        dx[self.open] = dout[self.open]
        ########## End ##########
        return dx
