import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        # activation between 0 and 1
        self.mask = (x <= 0) | (x >= 1)
        return np.clip(x, 0, 1)

    def backward(self, dout):
        dx = np.array(dout)
        dx[self.mask] = 0
        return dx
