from __future__ import annotations

import numpy as np
import pytest
from support.oracles import assert_gradient, torch_or_skip

from handgrad import FullyConnected, MeanSquaredError, Network, Relu, Sigmoid, SoftmaxCrossEntropy
from handgrad.errors import OrderError, ShapeError


def three_layers(rng, sizes):
    layers = []
    for d_in, d_out, activation in zip(sizes, sizes[1:], (Sigmoid, Relu, Sigmoid), strict=False):
        layers += [
            FullyConnected(rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)),
            activation(),
        ]
    return layers


@pytest.mark.parametrize("loss_class", [MeanSquaredError, SoftmaxCrossEntropy])
def test_every_gradient_agrees_with_numerical_differentiation(rng, loss_class):
    sizes = [int(n) for n in rng.integers(2, 6, 4)]
    layers = three_layers(rng, sizes)
    x = rng.normal(size=(4, sizes[0]))
    t = (
        rng.normal(size=(4, sizes[-1]))
        if loss_class is MeanSquaredError
        else rng.integers(sizes[-1], size=4)
    )
    network = Network(layers, loss_class())
    value = network.loss_of(x, t)
    assert isinstance(value, float)
    dx = network.backward()
    assert_gradient(lambda v: Network(layers, loss_class()).loss_of(v, t), x, dx, rng)
    for layer in layers[::2]:
        for name in ("W", "b"):
            at, gradient = getattr(layer, name), getattr(layer, f"d{name}").copy()

            def loss(v, layer=layer, name=name, at=at):
                setattr(layer, name, v)
                result = Network(layers, loss_class()).loss_of(x, t)
                setattr(layer, name, at)
                return result

            assert_gradient(loss, at, gradient, rng)


def test_agrees_with_pytorch(rng):
    torch = torch_or_skip()
    layers = three_layers(rng, [5, 4, 3, 2])
    x, t = rng.normal(size=(6, 5)), rng.integers(2, size=6)
    network = Network(layers, SoftmaxCrossEntropy())
    value = network.loss_of(x, t)
    dx = network.backward()
    tx = torch.tensor(x, requires_grad=True)
    z = tx
    for full, activation in zip(
        layers[::2], (torch.sigmoid, torch.relu, torch.sigmoid), strict=True
    ):
        z = activation(z @ torch.tensor(full.W) + torch.tensor(full.b))
    theirs = torch.nn.functional.cross_entropy(z, torch.tensor(t))
    theirs.backward()
    assert abs(value - theirs.item()) <= 1e-12
    np.testing.assert_allclose(dx, tx.grad.numpy(), atol=1e-13)


def test_layers_written_by_hand_chain_too(rng):
    class Double:
        def forward(self, x):
            return 2 * x

        def backward(self, dout):
            return 2 * dout

    x, t = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    network = Network([Double(), Double()], MeanSquaredError())
    assert (network.forward(x) == 4 * x).all()
    network.loss_of(x, t)
    np.testing.assert_allclose(network.backward(), 4 * 2 * (4 * x - t) / 6)


def test_errors():
    with pytest.raises(ShapeError, match="at least one layer"):
        Network([], MeanSquaredError())
    network = Network([Relu()], MeanSquaredError())
    network.forward(np.zeros((1, 1)))
    with pytest.raises(OrderError, match=r"loss_of\(x, t\)"):
        network.backward()
