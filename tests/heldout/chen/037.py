import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        """out = max(0, x)，逐元素

        x: 任意形状
        返回: out，形状与 x 相同
        """
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        """反向传播

        dout: 输出梯度 dl/dout，形状与 out 相同
        返回: dx，形状相同；x = 0 处的梯度取 0
        """
        ########## Begin ##########
        rows = dout.shape[0]
        cols = dout.shape[-1]
        src = dout.flatten()
        gate = self.mask.flatten()
        dst = np.zeros(dout.size)
        for i in range(rows):
            for j in range(cols):
                k = i * cols + j
                if not gate[k]:
                    dst[k] = src[k]
        dx = dst.reshape(dout.shape)
        ########## End ##########
        return dx
