from itertools import compress

import numpy as np


class Relu:
    def __init__(self):
        self.mask = None
        self.alive = []         # 通过的位置（展平后的下标）

    def forward(self, x):
        self.mask = x <= 0
        flags = (~self.mask).ravel().tolist()
        self.alive = list(compress(range(len(flags)), flags))
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        ########## Begin ##########
        source = dout.flatten()
        target = [0.0] * source.size
        for k in self.alive:
            target[k] = source[k]
        dx = np.array(target).reshape(dout.shape)
        ########## End ##########
        return dx
