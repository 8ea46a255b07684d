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
        # 导数最大 0.25，单精度足够
        s = np.asarray(self.out, dtype=np.float32)
        slope = s * (np.float32(1) - s)
        dx = slope.astype(np.float64) * dout
        ########## End ##########
        return dx
