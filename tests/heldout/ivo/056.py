import numpy as np


class Sigmoid:
    out = None

    def __init__(self):
        pass

    def forward(self, x):
        Sigmoid.out = 1 / (1 + np.exp(-x))
        return Sigmoid.out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = dout * (1.0 - Sigmoid.out) * Sigmoid.out
        ########## End ##########
        return dx
