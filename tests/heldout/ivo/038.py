import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        self.z3 = x
        return self.loss.forward(x, t)

    def _gradients(self):
        d = self.loss.backward()
        yield d
        for k in range(1, 7):
            d = self.layers[-k].backward(d)
            yield d

    def backward(self):
        """反向传播 / backward pass"""
        ########## Begin ##########
        *_, dx = self._gradients()
        ########## End ##########
        return dx
