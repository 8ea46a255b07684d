from collections import deque

import numpy as np


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = tuple(layers)
        self.loss = loss
        self.z3 = None
        self.tape = deque()

    def forward(self, x, t):
        self.tape = deque()
        h = x
        for layer in self.layers:
            h = layer.forward(h)
            self.tape.appendleft(layer.backward)   # 后进先出
        self.z3 = h
        return self.loss.forward(h, t)

    def backward(self):
        g = self.loss.backward()
        for bw in self.tape:
            g = bw(g)
        return g
