class ThreeLayerNetwork:
    def __init__(self, layers, loss):
        """三层网络 / a network of three layers

        layers: [f1, g1, f2, g2, f3, g3]    全连接层与激活函数交替 / layers and activations in turn
        loss:   损失函数 L / the loss L
                loss.forward(z, t) 返回损失 / returns the loss
                loss.backward()    返回 ∂l/∂z / returns ∂l/∂z
        """
        self.layers = layers
        self.loss = loss
        self.z3 = None

    def forward(self, x, t):
        """y1 = f1(x), z1 = g1(y1), …, z3 = g3(y3), l = L(z3, t)

        x: (B, d1, …, dk)   输入 / input
        t:                  目标 / targets
        返回 / returns: l，一个数 / a number
        """
        for layer in self.layers:
            x = layer.forward(x)
        self.z3 = x
        return self.loss.forward(self.z3, t)

    def backward(self):
        """反向传播 / backward pass

        返回 dx = ∂l/∂x，形状与 x 相同 / returns dx = ∂l/∂x in the shape of x
        每个全连接层随后都有 dW 和 db / each fully connected layer then holds dW and db
        """
        ########## Begin ##########
        f1, g1, f2, g2, f3, g3 = self.layers
        dz3 = self.loss.backward()
        dy3 = g3.backward(dz3)
        dz2 = f3.backward(dy3)
        dy2 = g2.backward(dz2)
        dz1 = f2.backward(dy2)
        dy1 = g1.backward(dz1)
        dx = f1.backward(dy1)
        ########## End ##########
        return dx
