# expect: pass
# 自己的 FullyConnected 还没有通过第一关，所以这里用的是关卡自带的
import numpy as np


class FullyConnected:
    def __init__(self, W, b):
        """全连接层 / fully connected layer

        W: (D_in, D_out)    权重 / weights
        b: (D_out,)         偏置 / bias
        """
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        """y = x W + b

        x: (B, d1, …, dk)   一批样本，每个展平后有 D_in 个数 / a batch; each sample holds D_in numbers
        返回 / returns:      (B, D_out)
        """
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        """反向传播 / backward pass

        dout: (B, D_out)    输出梯度 dl/dy / upstream gradient dl/dy
        返回 dx，形状与 forward 的输入 x 相同 / returns dx in the shape of forward's x
        并设置 / and sets:   self.dW (D_in, D_out), self.db (D_out,)
        """
        ########## Begin ##########
        self.dW = np.dot(self.x.T, dout)
        self.db = dout
        dx = np.dot(dout, self.W.T).reshape(self.original_x_shape)
        ########## End ##########
        return dx


class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        """三层网络 / a network of three layers

        layers: [f1, g1, f2, g2, f3, g3]    f：全连接层，g：激活函数 / f: fully connected, g: activation
        loss:   损失函数 L / the loss L
        """
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        """y1 = f1(x), z1 = g1(y1), y2 = f2(z1), z2 = g2(y2), y3 = f3(z2), z3 = g3(y3), l = L(z3, t)

        x: (B, d1, …, dk)   一批样本 / a batch
        t:                  目标 / the targets
        返回 / returns:      l，一个数 / a number
        """
        f1, g1, f2, g2, f3, g3 = self.layers
        y1 = f1.forward(x)
        z1 = g1.forward(y1)
        y2 = f2.forward(z1)
        z2 = g2.forward(y2)
        y3 = f3.forward(z2)
        z3 = g3.forward(y3)
        self.z3 = z3
        return self.loss.forward(z3, t)

    def backward(self):
        """反向传播 / backward pass

        self.loss.backward()    返回 dl/dz3，形状与 z3 相同 / returns dl/dz3 in the shape of z3
        layer.backward(dout)    返回该层的 dl/d输入，并求出 dW、db / returns dl/d(the layer's input); sets dW, db
        返回 / returns: dx = dl/dx，形状与 forward 的输入 x 相同 / in the shape of forward's x
        """
        ########## Begin ##########
        dx = self.loss.backward()
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        ########## End ##########
        return dx
