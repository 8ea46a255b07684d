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
        # nn.Linear: grad_input = grad_output.mm(weight)
        #            grad_weight = grad_output.t().mm(input)
        grad_output = dout
        self.dW = grad_output.T.dot(self.x)
        self.db = grad_output.sum(0)
        dx = grad_output.dot(self.W)
        dx = dx.reshape(self.original_x_shape)
        ########## End ##########
        return dx
