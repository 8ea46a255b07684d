from __future__ import annotations

import numpy as np
import pytest
from support.layouts import LAYOUTS
from support.messages import raises
from support.oracles import assert_gradient, torch_or_skip

from handgrad import FullyConnected, MeanSquaredError, Network, Relu, Sigmoid, SoftmaxCrossEntropy
from handgrad.errors import ChainError, LabelError, OrderError, ShapeError

ACTIVATIONS = (Sigmoid, Relu, Sigmoid)
LOSSES = [MeanSquaredError, SoftmaxCrossEntropy]


def three_layers(rng, sizes, dtype=np.float64):
    layers = []
    for d_in, d_out, activation in zip(sizes, sizes[1:], ACTIVATIONS, strict=False):
        W, b = rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)
        layers += [FullyConnected(W.astype(dtype), b.astype(dtype)), activation()]
    return layers


def drawn(rng, loss_class):
    """A network of random sizes, with x and t, whose ReLU is nowhere near its kink."""
    while True:
        sizes = [int(n) for n in rng.integers(2, 6, 4)]
        layers = three_layers(rng, sizes)
        x = rng.normal(size=(4, sizes[0]))
        y2 = layers[2].forward(layers[1].forward(layers[0].forward(x)))
        if np.abs(y2).min() > 0.05:
            break
    if loss_class is MeanSquaredError:
        t = rng.normal(size=(4, sizes[-1]))
    else:
        t = rng.integers(sizes[-1], size=4)
    return Network(layers, loss_class()), x, t


class Doubling:
    """A layer as a user writes one: forward and backward, and nothing else."""

    def forward(self, values):
        return 2 * values

    def backward(self, gradient):
        return 2 * gradient


class SumOfSquares:
    def forward(self, outputs, targets):
        self.difference = outputs - targets
        return (self.difference**2).sum()

    def backward(self):
        return 2 * self.difference


@pytest.mark.parametrize("loss_class", LOSSES)
def test_every_gradient_agrees_with_numerical_differentiation(rng, loss_class):
    network, x, t = drawn(rng, loss_class)
    network.loss_of(x, t)
    dx = network.backward()
    assert_gradient(lambda v: network.loss_of(v, t), x, dx, rng)
    network.loss_of(x, t)
    network.backward()
    gradients = np.concatenate(
        [gradient.ravel() for layer in network.layers[::2] for gradient in (layer.dW, layer.db)]
    )
    at = network.parameters.copy()

    def loss(parameters):
        network.parameters[:] = parameters
        return network.loss_of(x, t)

    assert_gradient(loss, at, gradients, rng)


def test_agrees_with_pytorch(rng):
    torch = torch_or_skip()
    network, x, t = drawn(rng, SoftmaxCrossEntropy)
    value = network.loss_of(x, t)
    dx = network.backward()
    tx = torch.tensor(x, requires_grad=True)
    theirs = [
        tuple(torch.tensor(v, requires_grad=True) for v in (layer.W, layer.b))
        for layer in network.layers[::2]
    ]
    z = tx
    for (W, b), activation in zip(theirs, (torch.sigmoid, torch.relu, torch.sigmoid), strict=True):
        z = activation(z @ W + b)
    np.testing.assert_allclose(network.output, z.detach().numpy(), rtol=1e-12)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(t))
    loss.backward()
    assert value == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(dx, tx.grad.numpy(), atol=1e-13)
    for layer, (W, b) in zip(network.layers[::2], theirs, strict=True):
        np.testing.assert_allclose(layer.dW, W.grad.numpy(), atol=1e-13)
        np.testing.assert_allclose(layer.db, b.grad.numpy(), atol=1e-13)


def test_forward_is_the_layers_in_a_row_and_output_is_kept(rng):
    network, x, _ = drawn(rng, MeanSquaredError)
    assert network.output is None
    z = x
    for layer in network.layers:
        z = layer.forward(z)
    output = network.forward(x)
    assert output is network.output
    assert output.tolist() == z.tolist()


@pytest.mark.parametrize("loss_class", LOSSES)
def test_loss_of_is_a_python_float(rng, loss_class):
    network, x, t = drawn(rng, loss_class)
    assert type(network.loss_of(x, t)) is float
    assert network.loss_of(x, t) == loss_class().forward(network.forward(x), t)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss_class", LOSSES)
def test_the_dtype_that_comes_in_goes_out(rng, dtype, loss_class):
    network = Network(three_layers(rng, [4, 3, 5, 2], dtype), loss_class())
    x = rng.normal(size=(6, 4)).astype(dtype)
    t = np.ones((6, 2), dtype) if loss_class is MeanSquaredError else np.ones(6, int)
    network.loss_of(x, t)
    assert network.output.dtype == dtype
    assert network.backward().dtype == dtype
    assert network.parameters.dtype == dtype
    for layer in network.layers[::2]:
        assert layer.dW.dtype == layer.db.dtype == dtype


def test_dx_has_the_shape_in_which_x_came(rng):
    network = Network(three_layers(rng, [12, 3, 5, 2]), MeanSquaredError())
    network.loss_of(rng.normal(size=(6, 2, 3, 2)), rng.normal(size=(6, 2)))
    assert network.backward().shape == (6, 2, 3, 2)


def test_an_empty_batch(rng):
    network = Network(three_layers(rng, [4, 3, 5, 2]), SoftmaxCrossEntropy())
    assert network.loss_of(np.zeros((0, 4)), np.zeros(0, int)) == 0
    assert network.backward().shape == (0, 4)
    assert not any(layer.dW.any() for layer in network.layers[::2])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_x_of_every_layout_gives_the_same_and_is_not_changed(rng, layout):
    network, x, t = drawn(rng, MeanSquaredError)
    expected, expected_dx = network.loss_of(x, t), network.backward()
    laid_out = LAYOUTS[layout](x)
    assert network.loss_of(laid_out, t) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(network.backward(), expected_dx, atol=1e-13)
    assert laid_out.tolist() == x.tolist()


def test_nan_passes_through_the_whole_network(rng):
    network, x, t = drawn(rng, MeanSquaredError)
    x[1] = np.nan
    assert np.isnan(network.loss_of(x, t))
    assert np.isnan(network.backward()).any(axis=1).tolist() == [False, True, False, False]


def test_layers_and_a_loss_written_by_hand_chain_too(rng):
    x, t = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    network = Network([Doubling(), Relu(), Doubling()], SumOfSquares())
    assert network.forward(abs(x)).tolist() == (4 * abs(x)).tolist()
    value = network.loss_of(abs(x), t)
    assert type(value) is float
    assert value == np.sum((4 * abs(x) - t) ** 2)
    np.testing.assert_allclose(network.backward(), 4 * 2 * (4 * abs(x) - t))
    assert network.parameters.shape == (0,)


def test_parameters_are_copied_into_one_flat_buffer_that_the_layers_view(rng):
    layers = three_layers(rng, [4, 3, 5, 2])
    given = [array for layer in layers[::2] for array in (layer.W, layer.b)]
    network = Network(layers, MeanSquaredError())
    assert network.parameters.ndim == 1
    assert network.parameters.tolist() == np.concatenate([v.ravel() for v in given]).tolist()
    held = [array for layer in layers[::2] for array in (layer.W, layer.b)]
    for view, original in zip(held, given, strict=True):
        assert view.shape == original.shape
        assert np.shares_memory(view, network.parameters)
        assert not np.shares_memory(view, original)


def test_the_buffer_and_the_layers_change_together_and_the_given_arrays_do_not(rng):
    W, b = rng.normal(size=(2, 3)), rng.normal(size=3)
    copies = W.copy(), b.copy()
    layer = FullyConnected(W, b)
    network = Network([layer], MeanSquaredError())
    network.parameters += 1
    assert layer.W.tolist() == (W + 1).tolist()
    assert layer.b.tolist() == (b + 1).tolist()
    layer.b -= 5
    assert network.parameters[-3:].tolist() == layer.b.tolist() == (b + 1 - 5).tolist()
    x = rng.normal(size=(4, 2))
    np.testing.assert_allclose(network.forward(x), x @ (W + 1) + b - 4, rtol=1e-12)
    assert (W.tolist(), b.tolist()) == tuple(v.tolist() for v in copies)


def test_parameters_of_every_layout_and_read_only_ones_are_copied(rng):
    for lay_out in LAYOUTS.values():
        W = lay_out(rng.normal(size=(2, 3)))
        layer = FullyConnected(W, np.zeros(3))
        network = Network([layer], MeanSquaredError())
        assert layer.W.tolist() == W.tolist()
        network.parameters[:] = 0
        assert not layer.W.any()


def test_parameters_of_different_dtypes_are_promoted(rng):
    layers = [
        FullyConnected(np.ones((2, 2), dtype), np.ones(2, dtype))
        for dtype in (np.float32, np.float64)
    ]
    assert Network(layers, MeanSquaredError()).parameters.dtype == np.float64
    assert layers[0].W.dtype == np.float64


def test_a_layer_written_by_hand_may_name_its_parameters():
    class Scale(Doubling):
        parameter_names = ("factor",)

        def __init__(self):
            self.factor = np.array([3.0])

    class Counting(Doubling):
        W = np.ones(2)  # named nowhere: left alone

    scale, counting = Scale(), Counting()
    network = Network([counting, scale], MeanSquaredError())
    assert network.parameters.tolist() == [3]
    network.parameters[:] = 7
    assert scale.factor.tolist() == [7]
    assert counting.W is Counting.W


def test_one_step_against_the_gradient_lowers_the_loss(rng):
    network, x, t = drawn(rng, SoftmaxCrossEntropy)
    before = network.loss_of(x, t)
    network.backward()
    for layer in network.layers[::2]:
        layer.W -= 1e-3 * layer.dW
        layer.b -= 1e-3 * layer.db
    assert network.loss_of(x, t) < before


def test_results_are_not_overwritten_by_the_next_call(rng):
    network, x, t = drawn(rng, MeanSquaredError)
    network.loss_of(x, t)
    held = network.output, network.backward()
    copies = [v.copy() for v in held]
    network.loss_of(2 * x, t)
    network.backward()
    for v, copy in zip(held, copies, strict=True):
        assert v.tobytes() == copy.tobytes()


def test_a_network_without_layers():
    with raises(ChainError, "layers"):
        Network([], MeanSquaredError())


def test_one_object_in_two_places_is_refused_as_its_second_call_would_overwrite_the_first(rng):
    relu = Relu()
    f1, f2 = (FullyConnected(rng.normal(size=(3, 3)), np.zeros(3)) for _ in range(2))
    with raises(ChainError, "layers[1]", "layers[3]", "Relu"):
        Network([f1, relu, f2, relu], MeanSquaredError())


def test_backward_before_loss_of(rng):
    network, x, t = drawn(rng, MeanSquaredError)
    with raises(OrderError, "Network.backward()", "loss_of(x, t)"):
        network.backward()
    network.forward(x)
    with raises(OrderError):
        network.backward()
    network.loss_of(x, t)
    network.backward()
    network.forward(x)  # of another batch, for all the loss knows
    with raises(OrderError):
        network.backward()


def test_backward_after_a_forward_that_failed_half_way(rng):
    network, x, t = drawn(rng, MeanSquaredError)
    network.loss_of(x, t)
    network.layers[3].forward = None  # whatever goes wrong inside
    with pytest.raises(TypeError):
        network.forward(2 * x)
    with raises(OrderError):
        network.backward()


def test_errors_of_layers_and_loss_come_through(rng):
    network, x, t = drawn(rng, SoftmaxCrossEntropy)
    with raises(ShapeError, "W", "(4, 77)"):
        network.forward(np.zeros((4, 77)))
    with raises(LabelError, str(t[0] - 100)):
        network.loss_of(x, t - 100)
    with raises(OrderError):
        network.backward()
