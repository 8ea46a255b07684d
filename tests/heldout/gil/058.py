import numpy as np


class _Layer:
    __slots__ = ()

    def flat(self, a):
        return a.reshape(a.shape[0], -1)


class FullyConnected(_Layer):
    __slots__ = ('W', 'b', 'x', 'original_x_shape', 'dW', 'db')

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = self.original_x_shape = self.dW = self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = self.flat(x)
        return np.tensordot(self.x, self.W, axes=1) + self.b

    def backward(self, dout):
        self.dW = np.tensordot(self.x, dout, axes=([0], [0]))
        self.db = np.tensordot(np.ones(len(dout)), dout, axes=(0, 0))
        dx = np.tensordot(dout, self.W, axes=(1, 1))
        return dx.reshape(self.original_x_shape)


if __name__ == '__main__':
    layer = FullyConnected(np.array([[1., 0, -1], [2, 1, 0]]), np.array([.5, -.5, 1]))
    print(layer.forward(np.array([[1., 2], [3, 4]])))
    print(layer.backward(np.array([[1., 0, 2], [0, 3, -1]])), layer.dW, layer.db)
