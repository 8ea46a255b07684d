import numpy as np


def dot(u, v):
    return sum(p * q for p, q in zip(u, v))


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        cols = list(zip(*dout.tolist()))                 # M 列, 每列 B 个
        feats = list(zip(*self.x.tolist()))              # N 列, 每列 B 个
        self.dW = [[dot(f, c) for c in cols] for f in feats]
        self.db = list(map(sum, cols))
        W = self.W.tolist()
        dx = np.array([[dot(g, w) for w in W] for g in dout.tolist()]).reshape(self.original_x_shape)
        ########## End ##########
        return dx
