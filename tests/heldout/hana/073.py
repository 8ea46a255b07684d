import collections


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers = layers
        self.loss = loss
        self.z3 = None
        self.tape = collections.deque()

    def forward(self, x, t):
        self.tape = collections.deque()     # 新的一批，新的磁带
        z = x
        for layer in self.layers:
            z = layer.forward(z)
            self.tape.appendleft(layer.backward)
        self.z3 = z
        l = self.loss.forward(z, t)
        return l

    def backward(self):
        ########## Begin ##########
        grad = self.loss.backward()
        for bw in self.tape:
            grad = bw(grad)
        ########## End ##########
        return grad
