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
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        # 转置
        self.W = self.W.T
        dx = np.dot(dout, self.W)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
