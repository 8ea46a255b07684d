# expect: wrong
# mistakes: dx: first-sample-only, dW: first-sample-only, db: first-sample-only
import numpy as np
class FullyConnected:
    def __init__(self, W, b):
        self.W = W; self.b = b
    def forward(self, x):
        self.s = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return self.x @ self.W + self.b
    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        self.dW = np.zeros(self.W.shape)
        self.db = np.zeros(self.b.shape)
        for i in range(len(dout)):
            dx[i] = self.W @ dout[i]
            self.dW += np.outer(self.x[i], dout[i])
            self.db += dout[i]
            return dx.reshape(self.s)
