from __future__ import annotations

import numpy as np
import pytest

from handgrad import CheckError
from handgrad.gradcheck.adapters.layer_parameters import (
    ParameterSlot,
    discovered,
    named_by_user,
    without_gradient,
)


class Layer:
    def __init__(self, rng):
        shape = tuple(map(int, rng.integers(1, 6, size=2)))
        self.W, self.scale, self.count = rng.normal(size=shape), rng.normal(size=3), np.arange(3)
        self.params, self.grads = {"b": rng.normal(size=2)}, {}

    def run(self):
        self.out, self.dout = np.ones(2), np.ones(2)  # made anew by every run: no parameter
        self.dW, self.dcount = np.zeros_like(self.W), np.zeros(3)
        self.grads["b"] = np.ones(2)


def test_arrays_of_floats_for_which_backward_sets_a_gradient_are_parameters(rng):
    layer = Layer(rng)
    layer.out = np.zeros(2)
    slots = discovered(layer, layer.run)
    assert set(slots) == {"W", "b"}
    assert slots["b"].gradient_name == "grads['b']"
    assert without_gradient(Layer(rng), slots, []) == ["scale"]


def test_a_slot_reads_and_writes_its_place(rng):
    layer = Layer(rng)
    slot = ParameterSlot("params", "grads", "b")
    assert slot.gradient(layer) is None
    slot.write(layer, np.array([7.0]))
    assert slot.read(layer).tolist() == [7.0]


def test_a_parameter_named_by_the_user_must_be_an_array_of_floats(rng):
    assert named_by_user(Layer(rng), {"W": "grad_W"}) == {"W": ParameterSlot("W", "grad_W")}
    for name in ("count", "missing"):
        with pytest.raises(CheckError, match=name):
            named_by_user(Layer(rng), {name: "dW"})
