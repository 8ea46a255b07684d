from functools import reduce

import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        self.z3 = reduce(lambda a, layer: layer.forward(a), self.layers, x)
        return self.loss.forward(self.z3, t)

    def backward(self):
        return reduce(lambda g, layer: layer.backward(g), reversed(self.layers), self.loss.backward())
