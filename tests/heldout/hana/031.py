import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        if getattr(self, '_local_grad', None) is None:
            self._local_grad = out * (1 - out)   # cache, backward then is only one multiply
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout，形状与 out 相同 / upstream gradient, in the shape of out
        返回 / returns: dx，形状相同 / in the same shape
        """
        ########## Begin ##########
        dx = dout * self._local_grad
        ########## End ##########
        return dx
