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
        B, M = dout.shape
        N = self.x.shape[1]
        i, n, m = np.indices((B, N, M))
        dW = np.zeros((N, M))
        np.add.at(dW, (n, m), self.x[i, n] * dout[i, m])
        db = np.zeros(M)
        np.add.at(db, np.broadcast_to(np.arange(M), (B, M)), dout)
        dx = np.zeros((B, N))
        np.add.at(dx, (i, n), dout[i, m] * self.W[n, m])
        self.dW = dW
        self.db = db
        dx = dx.reshape(self.original_x_shape)
        print('backward ok', dW.shape, db.shape, dx.shape)
        ########## End ##########
        return dx
