import numpy as np


def sigma(v):
    return 1 / (1 + np.exp(-v))


class Sigmoid:
    def __init__(self):
        self.x = None
        self.out = None

    def forward(self, x):
        self.x = x
        self.out = sigma(x)
        return self.out

    def backward(self, dout):
        ########## Begin ##########
        # 定义: f'(x) = lim_{h->0} (f(x+h) - f(x)) / h
        h = 1e-2
        dx = dout * (sigma(self.x + h) - self.out) / h
        ########## End ##########
        return dx
