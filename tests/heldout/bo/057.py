import numpy as np


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
        (B, M), N = dout.shape, self.W.shape[0]

        dW = np.zeros((N, M))
        i, n, m = np.indices((B, N, M)).reshape(3, -1)
        np.add.at(dW, (n, m), self.x[i, n] * dout[i, m])
        self.dW = dW

        self.db = np.bincount(np.tile(np.arange(M), B), weights=dout.ravel(), minlength=M)

        acc = np.zeros((B, N))
        it = np.nditer([dout, self.W, acc], flags=['reduce_ok'],
                       op_flags=[['readonly'], ['readonly'], ['readwrite']],
                       op_axes=[[0, -1, 1], [-1, 0, 1], [0, 1, -1]])
        with it:
            for g, w, a in it:
                a[...] += g * w
        dx = acc.reshape(self.original_x_shape)
        ########## End ##########
        return dx
