from dataclasses import dataclass, field
from typing import Optional, Tuple

import numpy as np


@dataclass(eq=False)
class FullyConnected:
    W: np.ndarray
    b: np.ndarray
    x: Optional[np.ndarray] = None
    original_x_shape: Tuple[int, ...] = ()
    grads: dict = field(default_factory=dict)

    def __getattr__(self, name):
        # dW, db -> grads
        if name in ('dW', 'db'):
            return self.grads.get(name)
        raise AttributeError(name)

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return self.x.dot(self.W) + self.b

    def backward(self, dout):
        # 批次矩阵乘法: (B,N,1) @ (B,1,M)
        per_sample = self.x[:, :, None] @ dout[:, None, :]
        self.grads['dW'] = per_sample.sum(axis=0)
        self.grads['db'] = dout.sum(axis=0)
        dx = self.W[None] @ dout[:, :, None]
        return dx[..., 0].reshape(self.original_x_shape)
