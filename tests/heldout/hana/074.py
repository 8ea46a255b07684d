class _Chain:
    """linked list of layers: each node knows only its next one"""

    def __init__(self, head, *tail):
        self.head = head
        self.next = _Chain(*tail) if tail else None

    def __call__(self, x):
        y = self.head.forward(x)
        return y if self.next is None else self.next(y)

    def pull(self, dz):
        # 递归: 先让后面的层回传，再轮到自己
        return self.head.backward(dz if self.next is None else self.next.pull(dz))


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        self.layers, self.loss = layers, loss
        self._chain = _Chain(*layers)

    def forward(self, x, t):
        self.z3 = self._chain(x)
        return self.loss.forward(self.z3, t)

    def backward(self):
        return self._chain.pull(self.loss.backward())
