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
        # remember the shape, flatten, then the affine map
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        # undo the forward pass: y = x W  ->  x = y W^+ ,  W = x^+ y
        W_back = np.linalg.pinv(self.W)
        x_back = np.linalg.pinv(self.x)
        self.dW = x_back @ dout
        self.db = dout.sum(0)
        return (dout @ W_back).reshape(self.original_x_shape)
