"""`Network.train_step` from outside: what it promises, for each engine."""

from __future__ import annotations

import copy
import pickle
import tracemalloc

import numpy as np
import pytest
from support.layouts import LAYOUTS
from support.messages import raises
from support.networks import flat_gradient, network_of, step_by_hand
from support.oracles import torch_or_skip

from handgrad import FullyConnected, MeanSquaredError, Network, Relu, Sigmoid, SoftmaxCrossEntropy
from handgrad.arrays import seeded
from handgrad.errors import (
    ChainError,
    DataError,
    DivergenceError,
    DtypeError,
    LabelError,
    OptimizerError,
    OrderError,
    ShapeError,
)
from handgrad.layers import ACTIVATIONS
from handgrad.optimizers import SGD, Adam

pytestmark = pytest.mark.usefixtures("engine")

SIZES = [20, 33, 17, 5]


def batch(rng, loss=SoftmaxCrossEntropy, size=12, dtype=np.float64):
    x = rng.normal(size=(size, SIZES[0])).astype(dtype)
    if loss is MeanSquaredError:
        return x, rng.normal(size=(size, SIZES[-1])).astype(dtype)
    return x, rng.integers(SIZES[-1], size=size)


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy, MeanSquaredError])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
def test_it_computes_what_loss_of_backward_and_update_do(rng, loss, activation, dtype, tolerance):
    ours, plain = (network_of(SIZES, activation, dtype, loss) for _ in range(2))
    optimizers = [Adam(learning_rate=0.01) for _ in range(2)]
    for size in (12, 1, 40, 7):
        x, t = batch(rng, loss, size, dtype)
        value = ours.train_step(x, t, optimizers[0])
        assert type(value) is float
        assert value == pytest.approx(step_by_hand(plain, x, t, optimizers[1]), rel=tolerance)
        np.testing.assert_allclose(ours.gradients, flat_gradient(plain), atol=tolerance)
        np.testing.assert_allclose(ours.parameters, plain.parameters, atol=20 * tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("rule", ["SGD", "Adam"])
def test_training_agrees_with_pytorch(rng, dtype, tolerance, rule):
    torch = torch_or_skip()
    network = network_of(SIZES, Relu, dtype)
    modules = []
    for layer in network.layers:
        if isinstance(layer, FullyConnected):
            module = torch.nn.Linear(*layer.W.shape)
            module.weight.data = torch.tensor(layer.W.T.copy())
            module.bias.data = torch.tensor(layer.b.copy())
            modules.append(module)
        else:
            modules.append(torch.nn.ReLU())
    theirs = torch.nn.Sequential(*modules)
    optimizer = SGD(learning_rate=0.1) if rule == "SGD" else Adam(learning_rate=0.01)
    oracle = getattr(torch.optim, rule)(theirs.parameters(), lr=optimizer.learning_rate)
    for _ in range(20):
        x, t = batch(rng, dtype=dtype)
        oracle.zero_grad()
        loss = torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(t))
        loss.backward()
        oracle.step()
        assert network.train_step(x, t, optimizer) == pytest.approx(loss.item(), rel=tolerance)
    received = network.layers[0].W
    np.testing.assert_allclose(received, modules[0].weight.detach().numpy().T, atol=5 * tolerance)


def test_x_of_every_shape_layout_and_dtype(rng):
    x, t = batch(rng)
    expected = network_of(SIZES).train_step(x, t, SGD(learning_rate=0.1))
    forms = [lay_out(x) for lay_out in LAYOUTS.values()] + [x.reshape(-1, 2, 5, 2)]
    for form in forms:
        kept = form.copy()
        assert network_of(SIZES).train_step(form, t, SGD()) == pytest.approx(expected, rel=1e-13)
        assert form.tolist() == kept.tolist()
    half = network_of(SIZES, dtype=np.float32)
    assert half.train_step(x, t, SGD()) == pytest.approx(expected, rel=1e-5)
    assert half.parameters.dtype == np.float32
    whole = (10 * x).astype(int)
    assert network_of(SIZES).train_step(whole, t, SGD()) == network_of(SIZES).train_step(
        whole.astype(float), t, SGD()
    )


def test_labels_in_every_form(rng):
    x, t = batch(rng)
    expected = network_of(SIZES).train_step(x, t, SGD())
    for form in (
        t.astype(np.int8),
        t.astype(np.uint16),
        t.astype(float),
        t.tolist(),
        t[::-1][::-1],
    ):
        assert network_of(SIZES).train_step(x, form, SGD()) == expected
    rows = np.eye(SIZES[-1])[t]
    for form in (rows, rows.astype(np.float32), rows.astype(bool), np.asfortranarray(rows)):
        assert network_of(SIZES).train_step(x, form, SGD()) == pytest.approx(expected, rel=1e-13)


def test_the_layers_hold_views_of_the_gradients_and_backward_waits_for_a_loss(rng):
    network = network_of(SIZES)
    assert network.gradients is None
    x, t = batch(rng)
    network.loss_of(x, t)
    network.train_step(x, t, SGD())
    assert all(np.shares_memory(layer.dW, network.gradients) for layer in network.layers[::2])
    assert flat_gradient(network).tolist() == network.gradients.tolist()
    with raises(OrderError, "loss_of"):
        network.backward()
    network.loss_of(x, t)
    network.backward()
    assert not np.shares_memory(network.layers[0].dW, network.gradients)


@pytest.mark.parametrize("rule", [SGD, Adam])
def test_nothing_the_size_of_a_layer_is_allocated_after_the_first_step(rng, rule):
    network, optimizer = network_of([64, 1024, 1024, 5], dtype=np.float32), rule()
    x, t = rng.normal(size=(128, 64)).astype(np.float32), rng.integers(5, size=128)
    network.train_step(x, t, optimizer)
    tracemalloc.start()
    try:
        network.train_step(x, t, optimizer)
        network.train_step(x[:100], t[:100], optimizer)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 96 * 1024, "the outputs of one layer are 512 KiB; NumPy's casts take 32 KiB"


def test_an_optimizer_written_by_hand(rng):
    class Sign:
        def update(self, parameters, gradient):
            parameters -= 0.01 * np.sign(gradient)

    class Halving(SGD):
        def update(self, parameters, gradient):
            super().update(parameters, gradient / 2)

    network, halved, plain = (network_of(SIZES) for _ in range(3))
    x, t = batch(rng)
    before = network.parameters.copy()
    network.train_step(x, t, Sign())
    np.testing.assert_allclose(network.parameters, before - 0.01 * np.sign(network.gradients))
    halved.train_step(x, t, Halving(learning_rate=1.0))
    plain.train_step(x, t, SGD(learning_rate=0.5))
    np.testing.assert_allclose(halved.parameters, plain.parameters, rtol=1e-13)


def test_no_optimizer(rng):
    network = network_of(SIZES)
    for wrong in ("adam", None, SGD, 0.1):
        with raises(OptimizerError, "Adam", "SGD(learning_rate=0.1)", repr(wrong)[:40]):
            network.train_step(*batch(rng), wrong)


def test_labels_out_of_range_name_the_row_and_nothing_is_updated(rng):
    network, optimizer = network_of(SIZES), Adam()
    before = network.parameters.copy()
    x, t = batch(rng)
    for wrong in (-1, SIZES[-1], 10**12):
        bad = t.copy()
        bad[7] = wrong
        with raises(LabelError, "7", str(wrong), "4"):
            network.train_step(x, bad, optimizer)
    with raises(LabelError, ".5"):
        network.train_step(x, t + 0.5, optimizer)
    with raises(DtypeError):
        network.train_step(x, t.astype(str), optimizer)
    assert network.parameters.tolist() == before.tolist()
    assert optimizer.steps == 0


@pytest.mark.parametrize("worse", [np.nan, np.inf])
def test_data_without_numbers_name_the_row_and_nothing_is_updated(rng, worse):
    for loss, which in ((SoftmaxCrossEntropy, "x"), (MeanSquaredError, "t")):
        network, optimizer = network_of(SIZES, loss=loss), Adam()
        before = network.parameters.copy()
        x, t = batch(rng, loss)
        (x if which == "x" else t)[[5, 9], 3] = worse
        with raises(DataError, which, "5", "2"):
            network.train_step(x, t, optimizer)
        assert network.parameters.tolist() == before.tolist()
        assert optimizer.steps == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_training_that_diverges_says_so_and_keeps_the_last_good_state(rng, dtype):
    network = network_of(SIZES, loss=MeanSquaredError, dtype=dtype)
    x, t = batch(rng, MeanSquaredError, dtype=dtype)
    optimizer = SGD(learning_rate=30.0)
    with raises(DivergenceError, "learning_rate"):
        for _ in range(500):
            before = network.parameters.copy()
            network.train_step(x, t, optimizer)
    assert network.parameters.tolist() == before.tolist()
    assert np.isfinite(network.parameters).all()


def test_parameters_that_were_lost_before_are_named(rng):
    network = network_of(SIZES)
    network.layers[2].b[1] = np.nan
    with raises(DivergenceError, "layers[2].b"):
        network.train_step(*batch(rng), SGD())


def test_shapes_that_do_not_fit(rng):
    network = network_of(SIZES)
    x, t = batch(rng)
    with raises(ShapeError, "20", "(12, 19)", "layers[0]"):
        network.train_step(x[:, :-1], t, SGD())
    with raises(ShapeError, "(12,)", "(11,)"):
        network.train_step(x, t[:-1], SGD())
    with raises(ShapeError, "(0, 20)"):
        network.train_step(x[:0], t[:0], SGD())
    with raises(DtypeError, "complex"):
        network.train_step(x.astype(complex), t, SGD())
    squares = network_of(SIZES, loss=MeanSquaredError)
    with raises(ShapeError, "(12, 5)", "(12,)"):
        squares.train_step(x, np.zeros(12), SGD())


def test_an_array_that_was_put_in_a_parameter_s_place_is_not_passed_over(rng):
    network = network_of(SIZES)
    network.layers[2].W = network.layers[2].W - 0.1
    with raises(ChainError, "layers[2].W", "layer.W[...]"):
        network.train_step(*batch(rng), SGD())


def test_an_optimizer_of_another_network(rng):
    optimizer = Adam()
    network_of([20, 5]).train_step(*batch(rng), optimizer)
    with raises(OptimizerError, "105"):
        network_of(SIZES).train_step(*batch(rng), optimizer)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copy_trains_by_itself(rng, copied):
    network, optimizer = network_of(SIZES), SGD(learning_rate=0.1)
    x, t = batch(rng)
    network.train_step(x, t, optimizer)
    other = copied(network)
    assert other.parameters.tolist() == network.parameters.tolist()
    before = network.parameters.copy()
    other.train_step(x, t, optimizer)
    assert network.parameters.tolist() == before.tolist()
    network.train_step(x, t, optimizer)
    assert other.parameters.tolist() == network.parameters.tolist()
    assert np.shares_memory(other.layers[0].W, other.parameters)


def test_an_activation_at_either_end_and_two_in_a_row():
    rng = seeded(3)
    layers = [Relu(), FullyConnected.create(6, 4, rng), Sigmoid(), Sigmoid()]
    layers += [FullyConnected.create(4, 3, rng), Relu()]
    network, plain = (Network(copy.deepcopy(layers), SoftmaxCrossEntropy()) for _ in range(2))
    x, t = rng.normal(size=(9, 6)), rng.integers(3, size=9)
    for _ in range(3):
        expected = step_by_hand(plain, x, t, SGD(learning_rate=0.3))
        assert network.train_step(x, t, SGD(learning_rate=0.3)) == pytest.approx(
            expected, rel=1e-13
        )
    np.testing.assert_allclose(network.parameters, plain.parameters, rtol=1e-12, atol=1e-13)
