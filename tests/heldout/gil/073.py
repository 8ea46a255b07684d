import numpy as np


class _Node:
    def __init__(self, layer, prev):
        self.layer, self.prev = layer, prev


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = tuple(layers)
        self.loss = loss
        self.z3 = None
        self.tail = None

    def forward(self, x, t):
        node, h = None, x
        for layer in self.layers:
            h = layer.forward(h)
            node = _Node(layer, node)
        self.tail = node
        self.z3 = h
        return self.loss.forward(h, t)

    def backward(self):
        g, node = self.loss.backward(), self.tail
        while node is not None:
            g, node = node.layer.backward(g), node.prev
        return g
