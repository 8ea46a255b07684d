from functools import partial

import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self._gate = None

    def forward(self, x):
        self.mask = x <= 0
        step = np.heaviside(x, 0.0)     # the corner belongs to the closed side
        self._gate = partial(np.multiply, step)
        return x * step

    def backward(self, dout):
        dx = self._gate(dout)
        return np.ma.array(dx, mask=False)
