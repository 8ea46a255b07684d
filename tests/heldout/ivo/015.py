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
        f1, g1, f2, g2, f3, g3 = self.layers
        dz3 = self.loss.backward()
        dy3 = g3.backward(dz3)
        dz2 = f3.backward(dy3)
        dy2 = g2.backward(dz2)
        dz1 = f2.backward(dy2)
        for f in (f3, f2):
            f.W -= 0.1 * f.dW
            f.b -= 0.1 * f.db
        dy1 = g1.backward(dz1)
        dx = f1.backward(dy1)
        f1.W -= 0.1 * f1.dW
        f1.b -= 0.1 * f1.db
        dx = dx.reshape(dx.shape[0], -1)
        ########## End ##########
        return dx
