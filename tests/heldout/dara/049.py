import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        # 泰勒展开 sigma'(x) ≈ 1/4 - x^2/16
        z = np.log(self.out) - np.log1p(-self.out)
        dx = dout * (0.25 - z * z / 16)
        return dx
