import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = self.x = None

    def forward(self, x):
        self.x = np.array(x)
        self.out = out = 0.5 * (1 + np.tanh(self.x / 2))
        return out

    def backward(self, dout):
        """反向传播 / backward pass

        dout: 输出梯度 dl/dout / upstream gradient
        """
        ########## Begin ##########
        dx = dout / (2 + np.exp(self.x) + np.exp(-self.x))
        ########## End ##########
        return dx
