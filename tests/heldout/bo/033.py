import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        ########## Begin ##########
        rows, cols = dout.shape
        dx = np.zeros((rows, cols))
        for r in range(rows):
            for c in range(cols):
                s = self.out[r, c]
                dx[r, c] = dout[r, c] * s * (1 - s)
        ########## End ##########
        return dx
