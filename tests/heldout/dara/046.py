import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        batch = self.out.shape[0]
        flat_out = self.out.reshape(batch, -1)
        flat_d = dout.reshape(batch, -1)
        dx = np.einsum('ij,ij,ij->ij', flat_d, flat_out, 1 - flat_out)
        return dx
