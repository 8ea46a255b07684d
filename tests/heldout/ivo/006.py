import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = np.empty_like(self.out)
        it = np.nditer([self.out, dout, dx], flags=["zerosize_ok"], op_flags=[["readonly"], ["readonly"], ["writeonly"]])
        for o, d, r in it:
            r[...] = d * o * (1 - o)
        ########## End ##########
        return dx
