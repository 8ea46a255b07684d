import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        it = np.nditer([dout, self.out, None], order='C',
                       op_flags=[['readonly'], ['readonly'], ['writeonly', 'allocate']])
        with it:
            for d, o, g in it:
                g[...] = d * o * (1 - o)
            dx = it.operands[2]
        return dx
