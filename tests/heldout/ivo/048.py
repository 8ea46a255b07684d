import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.x = None
        self.out = None

    def forward(self, x):
        self.x = x
        self.mask = x <= 0
        self.out = np.maximum(0, x)
        return self.out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        # relu(x) / x 就是 0 或 1
        dx = dout * self.out / self.x
        ########## End ##########
        return dx
