from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises
from support.networks import step_by_hand

from handgrad import FullyConnected, MeanSquaredError, Network, Relu, Sigmoid, SoftmaxCrossEntropy
from handgrad.arrays import seeded
from handgrad.errors import DataError, DtypeError, ShapeError
from handgrad.network.layerwise_step import LayerwiseStep
from handgrad.optimizers import SGD, Momentum

pytestmark = pytest.mark.usefixtures("engine")


class Doubling:
    """A layer as a user writes one: forward and backward, and nothing else."""

    def forward(self, x):
        return 2 * x

    def backward(self, dout):
        return 2 * dout


class ByHand:
    """A learner's own fully connected layer, which names its parameters."""

    parameter_names = ("W", "b")

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.original_x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T).reshape(self.original_x_shape)


class AbsoluteError:
    def forward(self, z, t):
        self.difference = z - t
        return np.abs(self.difference).sum()

    def backward(self):
        return np.sign(self.difference)


def mixed(loss, dtype=np.float64):
    rng = seeded(4)

    def affine(d_in, d_out, kind=FullyConnected):
        return kind(rng.normal(size=(d_in, d_out)).astype(dtype), np.zeros(d_out, dtype))

    layers = [affine(6, 5), Doubling(), affine(5, 4, ByHand), Sigmoid(), affine(4, 4), Relu()]
    return Network([*layers, Doubling(), affine(4, 3)], loss)


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy, MeanSquaredError, AbsoluteError])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-5), (np.float64, 1e-12)])
def test_layers_and_losses_written_by_hand_train_with_ours(rng, loss, dtype, tolerance):
    network, plain = mixed(loss(), dtype), mixed(loss(), dtype)
    optimizers = [Momentum(learning_rate=0.01) for _ in range(2)]
    for size in (5, 8, 3):
        x = rng.normal(size=(size, 3, 2)).astype(dtype)
        t = rng.integers(3, size=size)
        if loss is not SoftmaxCrossEntropy:
            t = rng.normal(size=(size, 3)).astype(dtype)
        plain_loss = plain.loss_of(x, t)
        plain.backward()
        held = [layer for layer in plain.layers if hasattr(layer, "W")]
        gradient = np.concatenate([v.ravel() for f in held for v in (f.dW, f.db)])
        optimizers[1].update(plain.parameters, gradient)
        assert network.train_step(x, t, optimizers[0]) == pytest.approx(plain_loss, rel=tolerance)
        np.testing.assert_allclose(network.gradients, gradient, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(network.parameters, plain.parameters, atol=10 * tolerance)
    assert isinstance(next(iter(network._steps.values())), LayerwiseStep)


def test_a_first_and_a_last_layer_written_by_hand(rng):
    f = FullyConnected.create(2, 3, seeded(1))
    g = FullyConnected.create(2, 3, seeded(1))
    network = Network([Doubling(), f, Doubling()], SoftmaxCrossEntropy())
    plain = Network([Doubling(), g, Doubling()], SoftmaxCrossEntropy())
    x, t = rng.normal(size=(5, 2)), np.array([0, 1, 2, 0, 1])
    for _ in range(3):
        expected = step_by_hand(plain, x, t, SGD(learning_rate=0.2))
        assert network.train_step(x, t, SGD(learning_rate=0.2)) == pytest.approx(
            expected, rel=1e-13
        )


def test_what_a_layer_keeps_or_returns_is_not_written_into(rng):
    class Keeping(Doubling):
        def backward(self, dout):
            self.dx = np.ones_like(dout)
            self.dx.flags.writeable = False
            return self.dx

    layers = [FullyConnected.create(2, 3, seeded(1)), Keeping()]
    network = Network([*layers, FullyConnected.create(3, 3, seeded(2))], SoftmaxCrossEntropy())
    network.train_step(rng.normal(size=(4, 2)), np.array([0, 1, 2, 0]), SGD())
    assert layers[1].dx.tolist() == np.ones((4, 3)).tolist()


def test_a_layer_that_gives_what_the_next_cannot_take_is_named_with_it(rng):
    class Cutting(Doubling):
        def forward(self, x):
            return x[:, :-1]

    class Silent(Doubling):
        def forward(self, x):
            pass

    f, g = FullyConnected.create(4, 5, seeded(1)), FullyConnected.create(5, 3, seeded(1))
    with raises(ShapeError, "Cutting (layers[1])", "(6, 4)", "layers[2]", "(5, 3)"):
        Network([f, Cutting(), g], SoftmaxCrossEntropy()).train_step(
            rng.normal(size=(6, 4)), np.zeros(6, int), SGD()
        )
    with raises(DtypeError, "None", "return"):
        Network([f, Silent(), g], SoftmaxCrossEntropy()).train_step(
            rng.normal(size=(6, 4)), np.zeros(6, int), SGD()
        )


def test_nan_is_found_behind_layers_written_by_hand_too(rng):
    network = mixed(SoftmaxCrossEntropy())
    x = rng.normal(size=(5, 6))
    x[3, 1] = np.nan
    with raises(DataError, "x", "3"):
        network.train_step(x, np.zeros(5, int), SGD())
