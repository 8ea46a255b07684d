from __future__ import annotations

import sys
import types

import numpy as np

from handgrad import Vjp, check
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest


def scaled(x, y):
    return x * y


def test_backward_gets_dout_and_the_inputs_of_the_last_forward(rng):
    n = int(rng.integers(2, 9))
    x, y, dout = rng.normal(size=(3, n))
    subject = FunctionUnderTest.of(Vjp(scaled, lambda d, x, y: (d * y, d * x)), [x, y])
    assert (subject.name, dict(subject.gradient_names)) == ("scaled", {"x": "dx", "y": "dy"})
    instance = subject.new_instance()
    instance.forward(subject.point)
    instance.forward({"x": 2 * x, "y": y})
    given = instance.backward((dout,))
    assert np.array_equal(given["x"], dout * y)
    assert np.array_equal(given["y"], dout * 2 * x)


def test_several_outputs_have_a_tuple_of_upstream_gradients(rng):
    x, a, b = rng.normal(size=(3, 4))
    f = Vjp(lambda x: (x, 2 * x), lambda douts, x: douts[0] + 2 * douts[1])
    instance = FunctionUnderTest.of(f, [x]).new_instance()
    assert len(instance.forward({"x": x})) == 2
    assert np.array_equal(instance.backward((a, b))["x"], a + 2 * b)


def test_a_type_that_numpy_lacks_is_refused(rng):
    subject = FunctionUnderTest.of(Vjp(np.sin, np.multiply), [rng.normal(size=3)])
    assert subject.computing_in("bfloat16") is None
    assert subject.computing_in("float32").dtype == "float32"


def test_a_class_typed_at_a_prompt_has_no_file_and_is_checked(rng, monkeypatch):
    class Triple:
        __module__ = "__main__"

        def forward(self, x):
            return 3 * x

        def backward(self, dout):
            return 3 * dout

    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    assert check(Triple(), rng.normal(size=(2, 3))).verdict == "right"
