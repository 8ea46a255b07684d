from __future__ import annotations

import math

import numpy as np
import pytest
from support.planted import planted

from handgrad import Vjp, check


@pytest.mark.parametrize("kind", ["affine", "complex", "real"])
@pytest.mark.parametrize("wrong", [1, 2, 5, 12])
def test_wrong_entries_are_found_by_halving(rng, kind, wrong):
    size = int(rng.integers(2_000, 20_000))
    places = rng.choice(size, wrong, replace=False)
    f, x = planted(kind, rng, size, {int(at): 1.5 for at in places})
    report = check(f, x, seed=5, state=False)
    [array] = report.arrays
    assert {entry.index[0] for entry in array.wrong_entries} == set(map(int, places))
    assert array.wrong_count == wrong
    confirming = 15 * min(wrong, 3) + 4 if kind == "complex" else 0  # real differences agree
    whole = 2 ** math.ceil(math.log2(size))  # halves go down to the next power of two
    assert report.locating_forwards <= 4 * wrong * math.log2(2 * whole / wrong) + confirming
    for entry in array.wrong_entries:
        assert abs(entry.received - 1.5 * entry.expected) < 1e-6 * (1 + abs(entry.expected))
        assert entry.uncertainty < 1e-6 * (1 + abs(entry.expected))


def test_an_error_in_one_digit_is_found(rng):
    for kind, error in (("affine", 1e-9), ("complex", 1e-9), ("real", 1e-6)):
        f, x = planted(kind, rng, 65_536, {12_345: 1 + error})
        x[12_345] = 0.3
        [array] = check(f, x, seed=6, state=False).arrays
        assert [entry.index for entry in array.wrong_entries] == [(12_345,)]


def test_where_everything_is_wrong_samples_are_shown(rng):
    doubled = Vjp(np.tanh, lambda dout, x: 2 * dout * (1 - np.tanh(x) ** 2))
    [array] = check(doubled, rng.normal(size=(60, 70)), seed=7).arrays
    assert array.wrong_count is None
    assert len(array.wrong_entries) >= 4
    for entry in array.wrong_entries:
        assert abs(entry.received / entry.expected - 2) < 1e-6


def test_a_small_array_is_measured_whole(rng):
    x = rng.normal(size=(4, 5))
    seen = {}

    def backward(dout, x):
        seen["dout"] = dout.copy() if "dout" not in seen else seen["dout"]
        return 2 * dout * (1 - np.tanh(x) ** 2)

    [array] = check(Vjp(np.tanh, backward), x, seed=8, state=False).arrays
    assert array.wrong_count == 20
    assert np.allclose(array.measured, seen["dout"] * (1 - np.tanh(x) ** 2), rtol=1e-9)
