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
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        step = 1e-4
        x0, W0, b0 = self.x, self.W.copy(), self.b.copy()

        def loss(xv, Wv, bv):
            # distance between the output and what comes from behind
            return 0.5 * np.sum((xv @ Wv + bv - dout) ** 2)

        def num(f, a):
            g = np.zeros_like(a, dtype=float)
            for k in np.ndindex(a.shape):
                keep = a[k]
                a[k] = keep + step
                hi = f()
                a[k] = keep - step
                lo = f()
                a[k] = keep
                g[k] = (hi - lo) / (2 * step)
            return g

        xc = x0.copy()
        dx = num(lambda: loss(xc, W0, b0), xc)
        self.dW = num(lambda: loss(x0, W0, b0), W0)
        self.db = num(lambda: loss(x0, W0, b0), b0)
        return dx.reshape(self.original_x_shape)
