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
        # 每次都新申请缓冲区，不与外面共享
        dW = np.empty(self.W.shape, dtype=np.result_type(self.x, dout))
        db = np.empty(self.b.shape, dtype=dout.dtype)
        dx = np.empty(self.original_x_shape, dtype=np.result_type(self.W, dout))
        np.einsum('bn,bm->nm', self.x, dout, out=dW)
        np.einsum('bm->m', dout, out=db)
        np.einsum('bm,nm->bn', dout, self.W, out=dx.reshape(len(dout), -1))
        self.dW, self.db = dW, db
        ########## End ##########
        return dx
