from __future__ import annotations

import numpy as np

from handgrad import Vjp
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest
from handgrad.gradcheck.engine.joint_check import ALL, JoinedArrays, passes_joint_check


def product(rng, factor=1.0):
    n, k, m = map(int, rng.integers(2, 7, size=3))
    x, W = rng.normal(size=(n, k)), 1e3 * rng.normal(size=(k, m))
    f = Vjp(
        lambda x, W: np.tanh(x) @ W,
        lambda d, x, W: (d @ W.T * (1 - np.tanh(x) ** 2), factor * np.tanh(x).T @ d),
    )
    return FunctionUnderTest.of(f, [x, W])


def test_right_gradients_pass_and_a_wrong_one_does_not(rng):
    assert passes_joint_check(product(rng), ["x", "W"], rng, 1e-8)
    assert not passes_joint_check(product(rng, 1.01), ["x", "W"], rng, 1e-8)


def test_an_error_below_the_share_is_accepted(rng):
    assert passes_joint_check(product(rng, 1 + 1e-5), ["x", "W"], rng, 1e-2)


def test_a_joined_vector_splits_into_the_same_arrays(rng):
    subject = product(rng)
    joined = JoinedArrays.of(subject, ["W", "x"])
    parts = joined.split(joined.point[ALL])
    for name, array in subject.point.items():
        assert np.array_equal(parts[name], array)
    assert joined.joined_gradient({"W": None, "x": subject.point["x"]}) is None
