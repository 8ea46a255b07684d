# expect: pass
import numpy as np

class FullyConnected(object):
    """gradients are computed when somebody asks for them"""
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.input = x
        return self.flat @ self.W + self.b

    @property
    def flat(self):
        return self.input.reshape(self.input.shape[0], -1)

    def backward(self, dout):
        self.dout = dout.copy()
        return np.tensordot(dout, self.W, axes=(1, 1)).reshape(self.input.shape)

    @property
    def dW(self):
        return np.tensordot(self.flat, self.dout, axes=(0, 0))

    @property
    def db(self):
        return self.dout.sum(axis=0)
