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
        def 门(一对):
            值, 关 = 一对
            return 0.0 if 关 else 值

        pairs = np.stack([dout, self.mask.astype(dout.dtype)])
        dx = np.apply_along_axis(门, 0, pairs)
        ########## End ##########
        return dx
