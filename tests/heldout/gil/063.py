import numpy as np


class Sigmoid:
    def __init__(self):
        self.log_out = self.log_rest = None
        self.out = None

    def forward(self, x):
        # ln σ(x), ln(1-σ(x))，不会溢出
        self.log_out = -np.logaddexp(0, -x)
        self.log_rest = -np.logaddexp(0, x)
        self.out = np.exp(self.log_out)
        return self.out

    def backward(self, dout):
        return dout * np.exp(self.log_out + self.log_rest)
