from __future__ import annotations

import numpy as np
import pytest

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine.runs import OutputLayout, Runs, rounded_to


def test_outputs_lie_in_one_vector_and_come_apart_again(rng):
    layout = OutputLayout(((2, 3), (), (4,)))
    vector = rng.normal(size=layout.size)
    parts = layout.split(vector)
    assert [part.shape for part in parts] == [(2, 3), (), (4,)]
    for position, value in enumerate(vector):
        number, index = layout.place(position)
        assert parts[number][index] == value
    with pytest.raises(IndexError):
        layout.place(layout.size)


def test_runs_are_counted_and_get_arrays_of_their_own(rng):
    def spoils(x):
        x += 1
        return x

    x = rng.normal(size=4)
    runs = Runs(FunctionUnderTest.of(Vjp(spoils, lambda dout, x: dout), [x]))
    first, second = runs.start()[1], runs.start()[1]
    assert np.array_equal(first, second)
    instance, _ = runs.start()
    runs.backward(instance, np.ones(4))
    assert (runs.forwards, runs.backwards) == (3, 1)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32", "float64"])
def test_rounding_to_a_type_is_a_projection(rng, dtype):
    once = rounded_to(rng.normal(size=100), dtype)
    assert np.array_equal(once, rounded_to(once, dtype))
