# expect: pass
import numpy as np

class Layer:
    def __init__(self, *params):
        self.params = params
        self.grads = [np.zeros_like(p) for p in params]

class FullyConnected(Layer):
    def forward(self, x):
        W, b = self.params
        self.cache = x
        return x.reshape(len(x), -1).dot(W) + b

    def backward(self, dout):
        W, b = self.params
        x = self.cache.reshape(len(self.cache), -1)
        self.grads[0][...] = x.T.dot(dout)
        self.grads[1][...] = dout.sum(axis=0)
        self.dW, self.db = self.grads
        return dout.dot(W.T).reshape(self.cache.shape)
