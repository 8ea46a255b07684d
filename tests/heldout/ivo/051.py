import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = dout.copy()
        rows, cols = dout.shape[0], dout.shape[-1]
        for i in range(rows):
            for j in range(cols):
                if self.mask[i, j].all():
                    dx[i, j] = 0
        ########## End ##########
        return dx
