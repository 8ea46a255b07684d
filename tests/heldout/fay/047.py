import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.l = None

    def forward(self, x, t):
        z = x
        for layer in self.layers:
            z = layer.forward(z)
        self.z3 = z
        self.l = self.loss.forward(z, t)
        return self.l

    def backward(self):
        ########## Begin ##########
        B = self.z3.shape[0]
        # dl/dz3 = l * L'(z3), averaged over the batch
        delta = self.l * self.loss.backward() / B
        for layer in self.layers[::-1]:
            delta = layer.backward(delta)
        dx = delta
        ########## End ##########
        return dx
