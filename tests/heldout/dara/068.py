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
        self.l = self.loss.forward(z3, t)
        return self.l

    def backward(self):
        # chain rule: start with the loss itself, then times dl/dz3
        grad = self.l * self.loss.backward()
        f1, g1, f2, g2, f3, g3 = self.layers
        grad = f3.backward(g3.backward(grad))
        grad = f2.backward(g2.backward(grad))
        dx = f1.backward(g1.backward(grad))
        return dx
