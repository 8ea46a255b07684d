import numpy as np


class FullyConnected:
    class ctx:
        """like autograd.Function's ctx"""
        saved_tensors = ()

        @classmethod
        def save_for_backward(cls, *tensors):
            cls.saved_tensors = tensors

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        flat = x.reshape(x.shape[0], -1)
        self.ctx.save_for_backward(flat, x.shape)
        return flat @ self.W + self.b

    def backward(self, dout):
        ########## Begin ##########
        flat, shape = self.ctx.saved_tensors
        self.dW = flat.T @ dout
        self.db = dout.sum(axis=0)
        dx = (dout @ self.W.T).reshape(shape)
        ########## End ##########
        return dx
