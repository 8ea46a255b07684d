import numpy as np


def _linear_backward(grad, inp, weight):
    yield np.tensordot(grad, weight, axes=([1], [1]))
    yield np.tensordot(inp, grad, axes=([0], [0]))
    yield np.tensordot(np.ones(grad.shape[0]), grad, 1)


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.tensordot(x.reshape(x.shape[0], -1), self.W, 1) + self.b

    def __getattr__(self, name):
        # only called for what is not there yet: dW, db
        if name in ('dW', 'db') and '_pending' in self.__dict__:
            gen = self.__dict__['_pending']
            self.dW, self.db = gen
            return self.__dict__[name]
        raise AttributeError(name)

    def backward(self, dout):
        ########## Begin ##########
        self.__dict__.pop('dW', None)
        self.__dict__.pop('db', None)
        self._pending = _linear_backward(np.array(dout), np.array(self.x).reshape(len(self.x), -1), self.W)
        dx = next(self._pending).reshape(self.x.shape)
        ########## End ##########
        return dx
