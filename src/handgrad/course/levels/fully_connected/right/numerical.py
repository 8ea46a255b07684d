# expect: pass
# warnings: slow, numerical
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
        ########## Begin ##########
        # 数值微分：每个数加减 h，再看输出怎样变
        h = 1e-4
        x, W, b, shape = self.x, self.W, self.b, self.original_x_shape

        def numerical(get, array):
            grad = np.zeros(array.shape)
            for i in np.ndindex(array.shape):
                up, down = array.copy(), array.copy()
                up[i] += h
                down[i] -= h
                grad[i] = ((get(up) - get(down)) * dout).sum() / (2 * h)
            return grad

        def with_w(w):
            self.W = w
            return self.forward(x)

        def with_b(bias):
            self.b = bias
            return self.forward(x)

        dx = numerical(self.forward, x)
        self.dW = numerical(with_w, W)
        self.W = W
        self.db = numerical(with_b, b)
        self.b = b
        self.x, self.original_x_shape = x, shape
        dx = dx.reshape(shape)
        ########## End ##########
        return dx
