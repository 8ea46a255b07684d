from __future__ import annotations

import numpy as np

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine.backward_results import BackwardResults, hidden_type
from handgrad.gradcheck.engine.runs import Runs


def results(rng, backward, unresolved=()):
    size = int(rng.integers(5, 30))
    subject = FunctionUnderTest.of(Vjp(np.tanh, backward), [rng.normal(size=size)])
    found = BackwardResults(Runs(subject), rng, "float64")
    found.run([np.arange(size) < one for one in unresolved])
    return found


def slope(x):
    return 1 - np.tanh(x) ** 2


def test_a_linear_backward_gives_two_results_with_little_noise(rng):
    first, second = results(rng, lambda dout, x: dout * slope(x)).results
    assert not first.nonlinear and not first.defects
    assert not np.array_equal(first.u, second.u)
    assert first.noise["x"].max() < 1e-12


def test_a_condition_on_dout_is_not_linear(rng):
    found = results(rng, lambda dout, x: np.where(dout > 0, dout, 0.1 * dout) * slope(x))
    assert "x" in found.results[0].nonlinear


def test_unresolved_outputs_have_no_upstream_gradient(rng):
    for result in results(rng, lambda dout, x: dout * slope(x), unresolved=[2]).results:
        assert not result.u[:2].any()
        assert result.u[2:].all()


def test_outputs_of_a_narrower_type_are_recognised(rng):
    values = rng.normal(size=20)
    assert hidden_type(values) == ""
    for dtype in ("float16", "float32"):
        assert hidden_type(values.astype(dtype).astype(np.float64)) == dtype
