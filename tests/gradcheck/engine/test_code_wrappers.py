from __future__ import annotations

import numpy as np

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine.code_wrappers import AtOtherPoint, CodeWrapper


def drawn(rng):
    shape = tuple(map(int, rng.integers(2, 6, size=2)))
    inner = FunctionUnderTest.of(
        Vjp(np.sin, lambda dout, x: dout * np.cos(x)), [rng.normal(size=shape)]
    )
    return inner, AtOtherPoint(inner, {"x": rng.normal(size=shape)})


def test_only_the_input_point_differs(rng):
    inner, wrapped = drawn(rng)
    assert not np.array_equal(wrapped.point["x"], inner.point["x"])
    for name in ("name", "gradient_names", "parameters", "dtype", "library", "stateful"):
        assert getattr(wrapped, name) == getattr(inner, name)
    (y,) = wrapped.new_instance().forward(wrapped.point)
    assert np.array_equal(y, np.sin(wrapped.point["x"]))


def test_another_type_keeps_the_other_point(rng):
    _, wrapped = drawn(rng)
    narrow = wrapped.computing_in("float32")
    assert narrow.dtype == "float32"
    assert np.array_equal(narrow.point["x"], wrapped.point["x"].astype("float32"))
    assert wrapped.computing_in("bfloat16") is None


def test_other_arrays_reach_the_wrapped_code(rng):
    inner, _ = drawn(rng)
    other = rng.normal(size=(3, 1))
    assert CodeWrapper(inner).with_arrays({"x": other}, {}).point["x"] is other
