import numpy as np


class Relu:
    def __init__(self):
        self.theta = None

    def forward(self, x):
        self.theta = np.heaviside(x, 0.0)    # θ(0) := 0
        return (x + np.abs(x)) / 2

    def backward(self, dout):
        ########## Begin ##########
        # d/dx [x θ(x)] = θ(x) + x δ(x) = θ(x)
        dx = self.theta * dout
        ########## End ##########
        return dx
