from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine.root_mean_square import root_mean_square


def test_it_is_that_of_the_formula_at_every_scale(rng):
    values = rng.normal(size=int(rng.integers(2, 50)))
    expected = np.sqrt(np.mean(values**2))
    for scale in (1.0, 1e-200, 1e200):  # the squares would underflow or overflow
        assert np.isclose(root_mean_square(scale * values), scale * expected, rtol=1e-12)


def test_empty_zero_and_infinite_arrays():
    assert root_mean_square(np.zeros(0)) == 0
    assert root_mean_square(np.zeros(3)) == 0
    assert root_mean_square(np.array([1.0, np.inf])) == np.inf
