import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        """全连接层 / fully connected layer

        W: (D_in, D_out)    权重 / weights
        b: (D_out,)         偏置 / bias
        """
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        """y = x W + b

        x: (B, d1, …, dk)   一批样本，每个展平后有 D_in 个数 / a batch; each sample holds D_in numbers
        返回 / returns:      (B, D_out)
        """
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """反向传播 / backward pass

        dout: (B, D_out)    输出梯度 dl/dy / upstream gradient dl/dy
        返回 dx，形状与 forward 的输入 x 相同 / returns dx in the shape of forward's x
        并设置 / and sets:   self.dW (D_in, D_out), self.db (D_out,)
        """
        ########## Begin ##########
        # 课件：δ 和 a 都是列向量，∂L/∂W = δ a^T
        for i in range(dout.shape[0]):
            delta = dout[i].reshape(-1, 1)      # (M, 1)
            a = self.x[i].reshape(-1, 1)        # (N, 1)
            self.dW = (delta @ a.T).T
            self.db = delta
        dx = (self.W @ dout.T).T.reshape(self.original_x_shape)
        ########## End ##########
        return dx
