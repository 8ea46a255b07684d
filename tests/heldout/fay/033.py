import numpy as np


class Sigmoid:
    def __init__(self):
        self.outs = []

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.outs.append(out)
        return out

    def backward(self, dout):
        ########## Begin ##########
        y = self.outs[0]    # 取出保存的输出
        dx = dout * y * (1 - y)
        ########## End ##########
        return dx
