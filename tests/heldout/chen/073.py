import numpy as np


class Tape:
    def __init__(self):
        self.steps = []

    def run(self, layer, value):
        self.steps.append(layer.backward)
        return layer.forward(value)

    def play(self, gradient):
        for step in self.steps[::-1]:
            gradient = step(gradient)
        return gradient


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.tape = None

    def forward(self, x, t):
        self.tape = Tape()      # 每次 forward 都换新的磁带
        v = x
        for layer in self.layers:
            v = self.tape.run(layer, v)
        self.z3 = v
        return self.loss.forward(v, t)

    def backward(self):
        ########## Begin ##########
        dx = self.tape.play(self.loss.backward())
        ########## End ##########
        return dx
