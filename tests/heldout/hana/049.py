import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        """三层网络 / a network of three layers

        layers: [f1, g1, f2, g2, f3, g3]    f：全连接层，g：激活函数 / f: fully connected, g: activation
        loss:   损失函数 L / the loss L
        """
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        """y1 = f1(x), z1 = g1(y1), y2 = f2(z1), z2 = g2(y2), y3 = f3(z2), z3 = g3(y3), l = L(z3, t)

        x: (B, d1, …, dk)   一批样本 / a batch
        t:                  目标 / the targets
        返回 / returns:      l，一个数 / a number
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
        """反向传播 / backward pass

        self.loss.backward()    返回 dl/dz3，形状与 z3 相同 / returns dl/dz3 in the shape of z3
        layer.backward(dout)    返回该层的 dl/d输入，并求出 dW、db / returns dl/d(the layer's input); sets dW, db
        返回 / returns: dx = dl/dx，形状与 forward 的输入 x 相同 / in the shape of forward's x
        """
        ########## Begin ##########
        # loss gradient (p - t) is already w.r.t. the logits, so the last activation is skipped
        f1, g1, f2, g2, f3, _ = self.layers
        dx = self.loss.backward()
        for layer in (f3, g2, f2, g1, f1):
            dx = layer.backward(dx)
        ########## End ##########
        return dx
