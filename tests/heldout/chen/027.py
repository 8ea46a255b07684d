import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        """out = 1 / (1 + e^(-x))，逐元素

        x: 任意形状
        返回: out，形状与 x 相同
        """
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        """反向传播

        dout: 输出梯度 dl/dout，形状与 out 相同
        返回: dx，形状相同
        """
        ########## Begin ##########
        dx = np.zeros(self.out.shape)
        d = dout.flatten()
        o = self.out.flatten()
        flat = dx.reshape(-1)      # 视图，写入 flat 就是写入 dx
        for k in range(1, len(d)):
            flat[k] = d[k] * o[k] * (1 - o[k])
        ########## End ##########
        return dx
