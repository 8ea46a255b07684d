import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        ########## Begin ##########
        grad_output = dout
        # from the PyTorch tutorial "Extending autograd", LinearFunction.backward
        grad_input = grad_output.dot(self.W)
        grad_weight = grad_output.T.dot(self.x)
        grad_bias = grad_output.sum(0)
        self.dW, self.db = grad_weight, grad_bias
        dx = grad_input.reshape(self.original_x_shape)
        ########## End ##########
        return dx
