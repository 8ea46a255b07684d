import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.tape = []

    def forward(self, x, t):
        self.tape = []
        z = x
        for layer in self.layers:
            z = layer.forward(z)
            self.tape.append(layer.backward)   # 记录拉回映射
        self.z3 = z
        l = self.loss.forward(z, t)
        self.tape.append(lambda _: self.loss.backward())
        return l

    def backward(self):
        ########## Begin ##########
        stack = list(self.tape)
        dx = 1.0                # dl/dl
        while stack:
            dx = stack.pop()(dx)
        ########## End ##########
        return dx
