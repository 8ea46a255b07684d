import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        """三层网络

        layers: [f1, g1, f2, g2, f3, g3]    f：全连接层，g：激活函数
        loss:   损失函数 L
        """
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        """y1 = f1(x), z1 = g1(y1), y2 = f2(z1), z2 = g2(y2), y3 = f3(z2), z3 = g3(y3), l = L(z3, t)

        x: (B, d1, …, dk)   一批样本
        t:                  目标
        返回:      l，一个数
        """
        f1, g1, f2, g2, f3, g3 = self.layers
        y1 = f1.forward(x)
        z1 = g1.forward(y1)
        y2 = f2.forward(z1)
        z2 = g2.forward(y2)
        y3 = f3.forward(z2)
        z3 = g3.forward(y3)
        self.z3 = z3
        return self.loss.forward(z3, t)

    def backward(self):
        """反向传播

        self.loss.backward()    返回 dl/dz3，形状与 z3 相同
        layer.backward(dout)    返回该层的 dl/d输入，并求出 dW、db
        返回: dx = dl/dx，形状与 forward 的输入 x 相同
        """
        ########## Begin ##########
        dx = self.loss.backward()
        # 反向传播，所以把层的顺序倒过来
        self.layers.reverse()
        for layer in self.layers:
            dx = layer.backward(dx)
        ########## End ##########
        return dx
