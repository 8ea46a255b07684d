import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.t = None

    def forward(self, x, t):
        f1, g1, f2, g2, f3, g3 = self.layers
        h = g1.forward(f1.forward(x))
        h = g2.forward(f2.forward(h))
        self.z3 = g3.forward(f3.forward(h))
        self.t = t
        return self.loss.forward(self.z3, t)

    def backward(self):
        t = self.t
        if t.ndim == 1:
            onehot = np.zeros(self.z3.shape)
            for i in range(len(t)):
                onehot[i, t[i]] = 1
            t = onehot
        d = self.z3 - t
        d = self.layers[5].backward(d)
        for layer in self.layers[::-1]:
            if hasattr(layer, 'W'):     # only layers with parameters
                d = layer.backward(d)
        return d
