from __future__ import annotations

import threading

import numpy as np
import pytest
from support.messages import raises
from support.planted import Affine

from handgrad import CheckError, FullyConnected, Relu, Vjp, check


def names(report):
    return [array.name for array in report.arrays]


def test_parameters_are_found(rng):
    x = rng.normal(size=(4, 5))
    assert names(check(Affine.drawn(rng), x)) == ["dx", "dW", "db"]
    assert names(check(Affine.drawn(rng), x, parameters={"b": "db"})) == ["dx", "db"]


def test_a_class_and_a_factory(rng):
    x = rng.normal(size=(4, 5))
    assert check(Relu, x).verdict == "right"
    W, b = rng.normal(size=(5, 3)), rng.normal(size=3)
    assert names(check(lambda: Affine(W, b), x)) == ["dx", "dW", "db"]


def test_a_layer_that_was_used_before(rng):
    layer, x = Affine.drawn(rng), rng.normal(size=(4, 5))
    layer.forward(x)
    layer.backward(np.ones((4, 3)))
    assert names(check(layer, x)) == ["dx", "dW", "db"]


@pytest.mark.parametrize("container", [dict, list])
def test_params_and_grads_in_containers(rng, container):
    class Layer:
        def __init__(self):
            W, b = rng.normal(size=(5, 3)), rng.normal(size=3)
            named = {"W": W, "b": b}
            self.params = named if container is dict else list(named.values())
            zeros = {key: np.zeros_like(value) for key, value in named.items()}
            self.grads = zeros if container is dict else list(zeros.values())

        def forward(self, x):
            self.x = x
            W, b = self.params.values() if container is dict else self.params
            return x @ W + b

        def backward(self, dout):
            keys = ("W", "b") if container is dict else (0, 1)
            self.grads[keys[0]], self.grads[keys[1]] = self.x.T @ dout, dout.sum(axis=0)
            W = self.params[keys[0]]
            return dout @ W.T

    report = check(Layer(), rng.normal(size=(4, 5)))
    assert report.verdict == "right"
    assert len(report.arrays) == 3


def test_a_gradient_that_is_never_set_is_missing(rng):
    class Forgets(Affine):
        def __init__(self, W, b):
            super().__init__(W, b)
            self.dW = None

        def backward(self, dout):
            self.db = dout.sum(axis=0)
            return dout @ self.W.T

    report = check(Forgets.drawn(rng), rng.normal(size=(4, 5)))
    assert report.verdict == "wrong"
    assert "There is no dW" in report.text("en")


def test_an_array_without_a_gradient_is_named(rng):
    class NoGradient(Affine):
        def backward(self, dout):
            self.db = dout.sum(axis=0)
            return dout @ self.W.T

    report = check(NoGradient.drawn(rng), rng.normal(size=(4, 5)))
    [finding] = report.findings
    assert (finding.kind, finding.array) == ("no-gradient", "W")


def test_what_cannot_be_copied_needs_a_factory(rng):
    class Locked(Affine):
        def __init__(self, W, b):
            super().__init__(W, b)
            self.lock = threading.Lock()

    layer, x = Locked.drawn(rng), rng.normal(size=(4, 5))
    with pytest.raises(CheckError, match="lambda: Locked"):
        check(layer, x)
    assert check(lambda: Locked.drawn(np.random.default_rng(1)), x).verdict == "right"


class Both:
    def forward(self, x):
        self.x = x
        return x**2, np.sin(x)

    def backward(self, d_square, d_sine):
        return 2 * self.x * d_square + np.cos(self.x) * d_sine


class Exchanged(Both):
    def backward(self, d_square, d_sine):
        return super().backward(d_sine, d_square)


def test_backward_may_take_one_dout_for_each_output(rng):
    x = rng.normal(size=int(rng.integers(2, 6)))
    assert check(Both(), x, seed=1).verdict == "right"
    assert check(Exchanged(), x, seed=1).verdict == "wrong"


def test_what_makes_no_layer(rng):
    x = rng.normal(size=3)
    with raises(CheckError, "tanh", "handgrad.Vjp(tanh, backward)"):
        check(np.tanh, x)

    def cube(x):
        return x**3

    with raises(CheckError, "cube", "handgrad.Vjp(cube, backward)", "torch", "JAX"):
        check(cube, x)
    with raises(CheckError, "handgrad.check(lambda: FullyConnected(…), x)"):
        check(FullyConnected, x)


def test_inputs_and_outputs_that_are_no_plain_arrays(rng):
    identity = Vjp(lambda x: x, lambda dout, x: dout)
    with raises(CheckError, "MaskedArray", "np.asarray(x)"):
        check(identity, np.ma.array(rng.normal(size=3), mask=[0, 1, 0]))
    with raises(CheckError, "return"):
        check(Vjp(lambda x: None, lambda dout, x: dout), rng.normal(size=3))
    with raises(CheckError, "{'y': array (3,) of float64}"):
        check(Vjp(lambda x: {"y": x}, lambda dout, x: dout), rng.normal(size=3))
