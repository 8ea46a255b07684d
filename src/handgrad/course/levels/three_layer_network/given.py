"""答案可以使用的类 / The classes that an answer may use."""

import numpy as np


class FullyConnected:
    """全连接层 / fully connected layer: y = x W + b

    W: (D_in, D_out)    b: (D_out,)    x: (B, d1, …, dk)    y: (B, D_out)
    """

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
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T).reshape(self.original_x_shape)


class Sigmoid:
    """激活函数，逐元素 / activation, entry by entry: out = 1 / (1 + e^(-x))"""

    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)


class Relu:
    """激活函数，逐元素 / activation, entry by entry: out = max(0, x)"""

    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        return np.where(self.mask, 0, dout)


class SoftmaxCrossEntropy:
    """交叉熵 / cross-entropy: l = -(1/B) Σ_i log p_i[t_i], p = softmax(z)

    z: (B, C)    t: (B,) 类别编号，或 (B, C) 每行之和为 1 / class numbers, or (B, C) rows that sum to 1
    """

    def __init__(self):
        self.p = None
        self.t = None

    def forward(self, z, t):
        shifted = z - z.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p = np.exp(log_p)
        self.t = np.eye(z.shape[1])[t] if t.ndim == 1 else t
        return float(-np.sum(self.t * log_p) / len(z))

    def backward(self):
        return (self.p - self.t) / len(self.p)


class MeanSquaredError:
    """均方误差，对所有元素取平均 / mean squared error over all entries: l = mean((z - t)**2)

    z, t: 形状相同 / of the same shape
    """

    def __init__(self):
        self.difference = None

    def forward(self, z, t):
        self.difference = z - t
        return float(np.mean(self.difference**2))

    def backward(self):
        return 2 * self.difference / self.difference.size
