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
        f1, g1, f2, g2, f3, g3 = self.layers
        y1 = f1.forward(x)
        z1 = g1.forward(y1)
        y2 = f2.forward(z1)
        z2 = g2.forward(y2)
        self.z3 = f3.forward(z2)
        return self.loss.forward(g3.forward(self.z3), t)

    def backward(self):
        """反向传播 / backward pass

        self.loss.backward()    返回 dl/dz3，形状与 z3 相同 / returns dl/dz3 in the shape of z3
        layer.backward(dout)    返回该层的 dl/d输入，并求出 dW、db / returns dl/d(the layer's input); sets dW, db
        返回 / returns: dx = dl/dx，形状与 forward 的输入 x 相同 / in the shape of forward's x
        """
        ########## Begin ##########
        f1, g1, f2, g2, f3, g3 = self.layers
        B = self.z3.shape[0]
        dz3 = self.loss.backward() / B          # mean over the batch
        dy3 = g3.backward(dz3)
        dz2 = f3.backward(dy3)
        dy2 = g2.backward(dz2)
        dz1 = f2.backward(dy2)
        dy1 = g1.backward(dz1)
        dx = f1.backward(dy1)
        ########## End ##########
        return dx
