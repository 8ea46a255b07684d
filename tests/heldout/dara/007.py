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
        s = np.dot(self.x, self.W) + self.b
        self.a = np.tanh(s)          # a neuron needs its activation
        return self.a

    def backward(self, dout):
        delta = dout * (1 - self.a * self.a)
        self.dW = np.dot(self.x.T, delta)
        self.db = np.sum(delta, axis=0)
        dx = np.dot(delta, self.W.T)
        return dx.reshape(self.original_x_shape)
