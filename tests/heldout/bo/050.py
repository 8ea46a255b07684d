import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.lr = 0.01

    def forward(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        self.z3 = x
        return self.loss.forward(x, t)

    def backward(self):
        dout = self.loss.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        self.step()
        return dout

    def step(self):
        # optimizer.step()
        for layer in self.layers:
            if hasattr(layer, 'W'):
                layer.W -= self.lr * layer.dW
                layer.b -= self.lr * layer.db
