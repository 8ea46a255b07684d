import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = self.db = None
        self._pullback = None

    def forward(self, x):
        W = self.W
        shape = x.shape
        xf = x.reshape(shape[0], -1)

        def pullback(g):
            # g: (B, M)
            return (g @ W.T).reshape(shape), xf.T @ g, np.ones(shape[0]) @ g

        self._pullback = pullback
        return xf @ W + self.b

    def backward(self, dout):
        dx, self.dW, self.db = self._pullback(dout)
        return dx
