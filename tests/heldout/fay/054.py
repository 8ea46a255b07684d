import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.X = None
        self.dW = None
        self.db = None

    def _tensor_W(self):
        return self.W.reshape(self.X.shape[1:] + (-1,))

    def forward(self, x):
        self.X = x
        k = x.ndim - 1
        # y_im = X_{i a1..ak} W_{a1..ak m} + b_m
        return np.tensordot(x, self._tensor_W(), axes=k) + self.b

    def backward(self, dout):
        ########## Begin ##########
        G = np.tensordot(self.X, dout, axes=([0], [0]))     # (d1, .., dk, M)
        self.dW = G.reshape(self.W.shape)
        self.db = np.tensordot(np.ones(len(dout)), dout, axes=1)
        dx = np.tensordot(dout, self._tensor_W(), axes=([1], [-1]))
        ########## End ##########
        return dx
