# expect: wrong
# class: Relu
# mistakes: dx: not-finite
import numpy as np

class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        self.x, self.out = x, out
        return out

    def backward(self, dout):
        ########## Begin ##########
        # out / x 在 x > 0 时是 1，在 x < 0 时是 0
        dx = dout * self.out / self.x
        ########## End ##########
        return dx
