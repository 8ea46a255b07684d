import numpy as np


class Relu:
    def __init__(self):
        self.pair = None

    def forward(self, x):
        self.pair = np.sign(np.maximum(x, 0))       # 0 或 1
        return (x + np.abs(x)) / 2

    def backward(self, dout):
        both = np.empty(dout.shape + (2,))
        both[..., 0] = dout * self.pair             # 通过的
        both[..., 1] = dout - both[..., 0]          # 被挡住的
        return both[..., 0]
