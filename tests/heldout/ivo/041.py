import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
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
        dout = self.loss.backward()
        for layer in self.layers[::-1]:
            dout = np.clip(layer.backward(dout), -0.05, 0.05)   # avoid exploding gradients
        dx = dout
        ########## End ##########
        return dx
