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
        """每个激活层都从损失重新出发 / f-layers chain, g-layers are skipped once they have passed"""
        f1, g1, f2, g2, f3, g3 = self.layers
        d3 = g3.backward(self.loss.backward())
        d2 = f3.backward(d3)
        d1 = f2.backward(d2)          # g2 only decides the sign
        d1 = np.sign(g1.backward(np.ones_like(d1))) * d1
        return f1.backward(d1)
