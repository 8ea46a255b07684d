from dataclasses import dataclass, field

import numpy as np


@dataclass(eq=False)
class FullyConnected:
    W: np.ndarray
    b: np.ndarray
    dW: np.ndarray = field(default=None, init=False)
    db: np.ndarray = field(default=None, init=False)
    tape: tuple = field(default=(), init=False, repr=False)

    def forward(self, x):
        flat = x.reshape(x.shape[0], -1)
        self.tape = flat, x.shape
        return flat @ self.W + self.b

    def backward(self, dout):
        flat, shape = self.tape
        # (dout^T x)^T = x^T dout ，只是换个视图
        self.dW = np.tensordot(dout, flat, axes=(0, 0)).T
        self.db = np.apply_along_axis(np.sum, 0, dout)
        return np.tensordot(self.W, dout, axes=(1, 1)).T.reshape(shape)


if __name__ == '__main__':
    fc = FullyConnected(np.array([[1., 0, -1], [2, 1, 0]]), np.array([.5, -.5, 1]))
    print(fc.forward(np.array([[1., 2], [3, 4]])))
    print(fc.backward(np.array([[1., 0, 2], [0, 3, -1]])), fc.dW, fc.db)
