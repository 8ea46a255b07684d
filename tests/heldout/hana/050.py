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
        self.t = t
        z = x
        for layer in self.layers:
            z = layer.forward(z)
        self.z3 = z
        return self.loss.forward(z, t)

    def backward(self):
        """反向传播 / backward pass

        self.loss.backward()    返回 dl/dz3，形状与 z3 相同 / returns dl/dz3 in the shape of z3
        layer.backward(dout)    返回该层的 dl/d输入，并求出 dW、db / returns dl/d(the layer's input); sets dW, db
        返回 / returns: dx = dl/dx，形状与 forward 的输入 x 相同 / in the shape of forward's x
        """
        ########## Begin ##########
        # 课件: 输出层误差 δ = a - y
        delta = self.z3 - self.t
        for l in range(len(self.layers) - 1, -1, -1):
            delta = self.layers[l].backward(delta)
        dx = delta
        ########## End ##########
        return dx
