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
        # 先展平，再做 y = xW + b
        self.original_x_shape = x.shape
        flat = x.reshape(len(x), -1)
        self.x = flat
        return flat @ self.W + self.b

    def backward(self, dout):
        # 反过来：y - b 才是 xW，所以先减去偏置
        g = dout - self.b
        self.dW = np.einsum('bn,bm->nm', self.x, g)
        self.db = np.einsum('bm->m', dout)
        dx = np.einsum('bm,nm->bn', g, self.W)
        return dx.reshape(self.original_x_shape)
