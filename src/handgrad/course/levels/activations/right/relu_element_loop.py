# expect: pass
# class: Relu
# warnings: slow
import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        return np.maximum(x, 0)

    def backward(self, dout):
        ########## Begin ##########
        dx = np.zeros(dout.shape)
        for index in np.ndindex(*dout.shape):
            if self.mask[index]:
                dx[index] = 0.0
            else:
                dx[index] = dout[index]
        ########## End ##########
        return dx
