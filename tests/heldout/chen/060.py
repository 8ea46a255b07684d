import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self._x = None
        self._shape = None
        self._thunks = {}

    def forward(self, x):
        self._shape = tuple(x.shape)
        self._x = x.reshape(x.shape[0], -1)
        return np.dot(self._x, self.W) + self.b

    def __getattr__(self, name):
        # 只有找不到属性时才会进来
        if name.startswith('_') or name not in ('dW', 'db'):
            raise AttributeError(name)
        thunk = self._thunks.get(name)
        value = thunk() if thunk else None
        if thunk:
            self.__dict__[name] = value
        return value

    def backward(self, dout):
        x, g = self._x, dout.copy()
        self.__dict__.pop('dW', None)
        self.__dict__.pop('db', None)
        self._thunks = {
            'dW': lambda: np.inner(x.T, g.T),
            'db': lambda: g.T.sum(axis=-1),
        }
        return np.inner(g, self.W).reshape(self._shape)


if __name__ == '__main__':
    layer = FullyConnected(np.array([[1.0, 0, -1], [2, 1, 0]]), np.array([0.5, -0.5, 1]))
    print(layer.forward(np.array([[1.0, 2], [3, 4]])))
    print(layer.backward(np.array([[1.0, 0, 2], [0, 3, -1]])))
    print(layer.dW, layer.db)
