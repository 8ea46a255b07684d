import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        self.x = x
        self.y = np.where(self.mask, 0, x)
        return self.y

    def backward(self, dout):
        # 导数 = out / x
        slope = self.y / self.x
        return dout * slope
