import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.x = None
        self.original_x_shape = None
        self._grads = (None, None)

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def _sum(self, dout, lo, hi):
        # divide and conquer over the samples
        if hi - lo == 1:
            return np.outer(self.x[lo], dout[lo]), dout[lo].copy()
        mid = (lo + hi) // 2
        a, b = self._sum(dout, lo, mid), self._sum(dout, mid, hi)
        return a[0] + b[0], a[1] + b[1]

    @property
    def dW(self):
        return self._grads[0]

    @property
    def db(self):
        return self._grads[1]

    def backward(self, dout):
        """反向传播 / backward pass

        dout: (B, D_out)    输出梯度 dl/dy / upstream gradient dl/dy
        返回 dx，形状与 forward 的输入 x 相同 / returns dx in the shape of forward's x
        并设置 / and sets:   self.dW (D_in, D_out), self.db (D_out,)
        """
        self._grads = self._sum(dout, 0, len(dout))
        dx = np.array([[sum(w * d for w, d in zip(wrow, drow)) for wrow in self.W] for drow in dout])
        return dx.reshape(self.original_x_shape)
