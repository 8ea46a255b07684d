# expect: wrong
# mistakes: dW: shared-between-instances
import numpy as np
cache = {}
class FullyConnected:
    def __init__(self, W, b):
        self.W = W; self.b = b
    def forward(self, x):
        cache['x'] = x
        return x.reshape(x.shape[0], -1) @ self.W + self.b
    def backward(self, dout):
        x = cache['x']
        self.dW = x.reshape(len(x), -1).T @ dout
        self.db = dout.sum(0)
        return (dout @ self.W.T).reshape(x.shape)
