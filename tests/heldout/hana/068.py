import numpy as np


class Relu:
    """relu(x) = (x + |x|) / 2, 所以导数是 (1 + sign(x)) / 2, 但 0 处要取 0"""

    def forward(self, x):
        y = (x + np.absolute(x)) / 2
        self._step = np.heaviside(y, 0.0)
        return y

    def backward(self, dout):
        return np.einsum('...,...->...', dout, self._step)
