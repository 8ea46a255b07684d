from collections import deque

import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        f1, g1, f2, g2, f3, g3 = self.layers
        self.z3 = g3.forward(f3.forward(g2.forward(f2.forward(g1.forward(f1.forward(x))))))
        return self.loss.forward(self.z3, t)

    def _gradients(self):
        pairs = deque(zip(self.layers[0::2], self.layers[1::2]))
        g = self.loss.backward()
        while pairs:
            linear, activation = pairs.pop()
            g = activation.backward(g)
            yield g
            g = linear.backward(g)
            yield g

    def backward(self):
        *_, dx = self._gradients()
        return dx
