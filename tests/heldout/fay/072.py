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
        y3 = f3.forward(z2)
        z3 = g3.forward(y3)
        self.z3 = z3
        return self.loss.forward(z3, t)

    def backward(self):
        """反向传播 / backward pass"""
        ########## Begin ##########
        def grad_before(k):
            """∂l/∂(input of layer k)；k = 6 是损失"""
            if k == len(self.layers):
                return self.loss.backward()
            return self.layers[k].backward(grad_before(k + 1))

        dx = grad_before(0)
        ########## End ##########
        return dx
