import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.dz3 = None

    def forward(self, x, t):
        z = x
        for layer in self.layers:
            z = layer.forward(z)
        self.z3 = z
        return self.loss.forward(z, t)

    def backward(self):
        if self.dz3 is None:
            # 缓存，避免重复计算
            self.dz3 = self.loss.backward()
        f1, g1, f2, g2, f3, g3 = self.layers
        dy3 = g3.backward(self.dz3)
        dz2 = f3.backward(dy3)
        dy2 = g2.backward(dz2)
        dz1 = f2.backward(dy2)
        dy1 = g1.backward(dz1)
        return f1.backward(dy1)
