from __future__ import annotations

import numpy as np
import pytest

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine import slopes
from handgrad.gradcheck.engine.runs import Runs


def at(forward, x):
    runs = Runs(FunctionUnderTest.of(Vjp(forward, lambda dout, x: dout), [x]))
    return runs, runs.start()[1]


def test_an_affine_function_is_seen_and_measured_to_rounding(rng):
    a = rng.normal(size=(5, 4))
    runs, base = at(lambda x: a @ x + 1, rng.normal(size=4))
    v = rng.normal(size=4)
    slope = slopes.affine(runs, "x", v, base)
    assert np.allclose(slope.values, a @ slope.direction, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("function", [np.tanh, np.sin, np.abs, lambda x: np.clip(x, -0.3, 0.3)])
def test_odd_and_kinked_functions_are_not_taken_for_affine(rng, function):
    for x in (np.zeros(60), rng.normal(size=60)):
        runs, base = at(function, x)
        assert slopes.affine(runs, "x", rng.normal(size=60), base) is None


def test_the_error_of_a_real_difference_is_within_what_it_states(rng):
    for _ in range(50):
        x, v = rng.normal(size=6), rng.normal(size=6)
        runs, base = at(np.tanh, x)
        slope = slopes.real_difference(runs, "x", v, base, slopes.steps(2.0**-52)[0])
        exact = (1 - np.tanh(x) ** 2) * slope.direction
        assert not slope.nonsmooth.any()
        assert (np.abs(slope.values - exact) <= 4 * slope.rounding + slope.truncation).all()


def test_kinks_are_seen_where_they_are(rng):
    x = np.array([1.0, 1e-5, 0.0, -1e-5, -1.0])
    runs, base = at(lambda x: np.maximum(x, 0), x)
    slope = slopes.real_difference(runs, "x", np.ones(5), base, 2.0**-10)
    assert slope.nonsmooth.tolist() == [False, True, True, True, False]
    assert slope.nondifferentiable.tolist() == [False, False, True, False, False]
    nearer = slopes.real_difference(runs, "x", np.ones(5), base, 2.0**-20)
    assert nearer.nonsmooth.tolist() == [False, False, True, False, False]


def test_a_complex_step_is_exact_and_cross_checked(rng):
    x, v = rng.normal(size=6), rng.normal(size=6)
    for function, is_right in ((np.exp, True), (lambda x: x + 0 * np.abs(x) + abs(x), False)):
        runs, base = at(function, x)
        step = slopes.complex_step(runs, "x", v, base)
        real = slopes.real_difference(runs, "x", v, base, 2.0**-10)
        assert slopes.agrees(step, real) == is_right


def test_code_that_refuses_complex_numbers(rng):
    def refuses(x):
        if np.iscomplexobj(x):
            raise TypeError("real numbers only")
        return x

    for function in (refuses, lambda x: x.real, lambda x: np.asarray(x, dtype=np.float64)):
        runs, base = at(function, rng.normal(size=3))
        assert slopes.complex_step(runs, "x", np.ones(3), base) is None
