# expect: wrong
# mistakes: dW: shared-between-instances, db: shared-between-instances
import numpy as np

class FullyConnected:
    grads = {}

    def __init__(self, W, b):
        self.W, self.b = W, b

    @property
    def dW(self):
        return self.grads["dW"]

    @property
    def db(self):
        return self.grads["db"]

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.grads["dW"] = self.x.T @ dout
        self.grads["db"] = dout.sum(0)
        return (dout @ self.W.T).reshape(self.shape)
