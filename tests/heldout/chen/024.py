import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        """全连接层

        W: (D_in, D_out)    权重
        b: (D_out,)         偏置
        """
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        """y = x W + b

        x: (B, d1, …, dk)   一批样本，每个展平后有 D_in 个数
        返回:      (B, D_out)
        """
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """反向传播

        dout: (B, D_out)    输出梯度 dl/dy
        返回 dx，形状与 forward 的输入 x 相同
        并设置:   self.dW (D_in, D_out), self.db (D_out,)
        """
        ########## Begin ##########
        B, M = dout.shape
        N = self.x.shape[1]
        dx = np.zeros((B, N))
        self.dW = np.zeros((N, M))
        self.db = np.zeros(M)
        for i in range(B):
            for m in range(M):
                for n in range(N):
                    self.dW[n, m] += self.x[i, n] * dout[i, m]
                    dx[i, n] = self.W[n, m] * dout[i, m]
                self.db[m] = dout[i, m]
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
