# expect: pass
# warnings: slow
# class: Relu
import numpy as np

class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        ########## Begin ##########
        flat = [0.0 if closed else d for closed, d in zip(self.mask.ravel(), dout.ravel())]
        dx = np.array(flat).reshape(dout.shape)
        ########## End ##########
        return dx
