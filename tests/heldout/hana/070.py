import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        """out = max(0, x)，逐元素 / entry by entry

        x: 任意形状 / any shape
        返回 / returns: out，形状与 x 相同 / in the shape of x
        """
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout，形状与 out 相同 / upstream gradient, in the shape of out
        返回 / returns: dx，形状相同；x = 0 处的梯度取 0 / in the same shape; the gradient at x = 0 is 0
        """
        ########## Begin ##########
        dead, = np.nonzero(self.mask.ravel())
        dx = np.array(dout, order='C')          # my own copy
        view = dx.reshape(-1)
        view[dead] = 0
        dx = np.ma.asarray(dx).view(np.ndarray)
        ########## End ##########
        return dx
