from functools import reduce

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
        # x^T D = Σ_i |x_i><d_i|
        dyads = (np.outer(xi, di) for xi, di in zip(self.x, dout))
        self.dW = reduce(np.add, dyads)
        acc = np.zeros(len(self.b))
        cols = np.tile(np.arange(len(acc)), (len(dout), 1))
        np.add.at(acc, cols, dout)
        self.db = acc
        dx = np.apply_along_axis(self.W.dot, 1, dout)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx


if __name__ == "__main__":
    fc = FullyConnected(np.array([[1., 0, -1], [2, 1, 0]]), np.array([.5, -.5, 1]))
    print(fc.forward(np.array([[1., 2], [3, 4]])))
    print(fc.backward(np.array([[1., 0, 2], [0, 3, -1]])))
    print(fc.dW, fc.db)
