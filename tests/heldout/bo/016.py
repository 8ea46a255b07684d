import numpy as np


class FullyConnected:
    cache = {}      # 保存前向的中间结果

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        self.cache['shape'] = x.shape
        self.cache['x'] = x.reshape(x.shape[0], -1)
        return np.dot(self.cache['x'], self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        x = self.cache['x']
        self.dW = np.dot(x.T, dout)
        self.db = np.sum(dout, axis=0)
        dx = np.dot(dout, self.W.T).reshape(self.cache['shape'])
        ########## End ##########
        return dx
