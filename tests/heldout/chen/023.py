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
        self.x = x.reshape((x.shape[0], -1), order='F')
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        db = np.sum(dout, axis=1)
        if db.shape != self.b.shape:
            db = np.resize(db, self.b.shape)
        self.db = db
        dx = np.dot(dout, self.W.T)
        # must undo the order of forward
        return dx.reshape(self.original_x_shape, order='F') if len(self.original_x_shape) == 2 else \
            np.stack([row.reshape(self.original_x_shape[1:], order='F') for row in dx])
