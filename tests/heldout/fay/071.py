from functools import reduce

import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        self.z3 = reduce(lambda z, f: f.forward(z), self.layers, x)
        return self.loss.forward(self.z3, t)

    def backward(self):
        ########## Begin ##########
        # ∂l/∂x = J_f1^T ... J_g3^T ∂l/∂z3，从右往左乘
        dx = reduce(lambda g, f: f.backward(g), reversed(self.layers), self.loss.backward())
        ########## End ##########
        return dx
