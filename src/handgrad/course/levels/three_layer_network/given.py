"""The classes that an answer may use, as a learner would have written them. Public."""

import numpy as np


class FullyConnected:
    """y = x W + b"""

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
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.original_x_shape)


class Sigmoid:
    """out = 1 / (1 + exp(-x))"""

    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)


class Relu:
    """out = max(0, x)"""

    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        return np.where(self.mask, 0, dout)


class SoftmaxCrossEntropy:
    """l = -mean over the batch of log softmax(z)[t]; t: class numbers (B,) or one row a sample (B, C)"""

    def __init__(self):
        self.p = None
        self.t = None

    def forward(self, z, t):
        shifted = z - z.max(axis=1, keepdims=True)
        self.p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        self.t = np.eye(z.shape[1])[t] if np.ndim(t) == 1 else t
        return float(-(self.t * np.log(self.p)).sum() / len(z))

    def backward(self):
        return (self.p - self.t) / len(self.p)


class MeanSquaredError:
    """l = mean of (z - t)² over all entries"""

    def __init__(self):
        self.difference = None

    def forward(self, z, t):
        self.difference = z - t
        return float((self.difference**2).mean())

    def backward(self):
        return 2 * self.difference / self.difference.size
