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
        # 课件上是列向量: X 每一列一个样本, Delta 每一列一个误差
        X, Delta = self.x.T, dout.T                     # (N,B) (M,B)
        dWt = np.zeros((Delta.shape[0], X.shape[0]))    # 课件里 W 是 (out,in)
        for j in range(X.shape[1]):
            a, delta = X[:, [j]], Delta[:, [j]]
            dWt += delta @ a.T
        self.dW = dWt.T                                 # 转回 (in,out), a view
        self.db = Delta @ np.ones(Delta.shape[1])
        dx = np.apply_along_axis(self.W.dot, 0, Delta).T.reshape(self.original_x_shape)
        # print("dW", self.dW.shape, "db", self.db.shape, "dx", dx.shape)
        ########## End ##########
        return dx
