# expect: pass
# class: Sigmoid
# not numerical: forward is called again with the very x it was given
import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None
        self.x = None

    def forward(self, x):
        self.x = x
        return 1.0 / (1.0 + np.exp(-np.clip(x, -700, 700)))

    def backward(self, dout):
        ########## Begin ##########
        # 不保存 out，需要时再算一次
        s = self.forward(self.x)
        dx = dout * s * (1.0 - s)
        ########## End ##########
        return dx
