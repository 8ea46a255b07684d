# expect: pass
# class: Sigmoid
# warnings: numerical
import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None
        self.x = None

    def forward(self, x):
        self.x = x
        self.out = 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))
        return self.out

    def backward(self, dout):
        ########## Begin ##########
        h = 1e-5
        x, out = self.x, self.out
        slope = (self.forward(x + h) - self.forward(x - h)) / (2 * h)
        self.x, self.out = x, out
        dx = dout * slope
        ########## End ##########
        return dx
