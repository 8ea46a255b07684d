# expect: pass
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

@dataclass
class FullyConnected:
    W: Array
    b: Array
    dW: Array | None = None
    db: Array | None = None

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        self.x: Array = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout: Array) -> Array:
        ########## Begin ##########
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(self.shape)
        ########## End ##########
        return dx
