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
        dx = np.empty(dout.shape)
        it = np.nditer([dout, self.out, dx], flags=['zerosize_ok'],
                       op_flags=[['readonly'], ['readonly'], ['writeonly']])
        with it:
            for g, s, r in it:
                r[...] = g * (s - s * s)
        ########## End ##########
        return dx
