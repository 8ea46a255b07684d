import numpy as np


class FullyConnected:
    class _Tape:
        """what backward has seen; gradients are worked out when somebody asks"""

        def __init__(self, x, dout):
            self.x, self.dout = np.array(x), np.array(dout)      # own copies, the caller may reuse his
            self._memo = {}

        def get(self, key):
            if key not in self._memo:
                spec = {'dW': lambda: np.einsum('bn,bm->nm', self.x, self.dout),
                        'db': lambda: np.einsum('bm->m', self.dout)}
                self._memo[key] = spec[key]()
            return self._memo[key]

    def __init__(self, W, b):
        self.W, self.b = W, b
        self._tape = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    @property
    def dW(self):
        return None if self._tape is None else self._tape.get('dW')

    @property
    def db(self):
        return None if self._tape is None else self._tape.get('db')

    def backward(self, dout):
        ########## Begin ##########
        self._tape = self._Tape(self.x, dout)
        dx = np.einsum('bm,nm->bn', dout, self.W).reshape(self.original_x_shape)
        ########## End ##########
        return dx
