import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        # 防止梯度消失：导数至少 0.2
        slope = np.maximum(self.out * (1.0 - self.out), 0.2)
        dx = slope * dout
        return dx
