from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from support.planted import planted
from support.tier import repeats

from handgrad import Vjp, check
from handgrad.gradcheck.engine.wrong_entry_search import MOST_ENTRIES, largest_power_below


@cache
def most_cuts(size: int) -> tuple[int, ...]:
    """For every number of wrong entries: how many cuts they take in the worst of all places."""
    if size == 1:
        return (0, 0)
    middle = largest_power_below(size)
    left, right = most_cuts(middle), most_cuts(size - middle)
    splits = [
        [left[k] + right[wrong - k] for k in range(len(left)) if 0 <= wrong - k < len(right)]
        for wrong in range(1, min(size, MOST_ENTRIES) + 1)
    ]
    return (0, *(1 + max(several) for several in splits))


def test_wherever_the_wrong_entries_are_the_cuts_are_no_more_than_allowed(rng):
    for size in (*range(2, 130), *map(int, rng.integers(130, 1_000_000, 30))):
        for wrong, cuts in enumerate(most_cuts(size)):
            assert wrong == 0 or cuts <= wrong * math.log2(2 * size / wrong) + 1e-9, (size, wrong)


def somewhere(rng, size, wrong):
    """Places of wrong entries: at random, far from each other, side by side, at the end."""
    start = int(rng.integers(size - wrong + 1))
    return {
        int(at)
        for at in (
            rng.choice(size, wrong, replace=False),
            np.linspace(0, size - 1, wrong),
            np.arange(start, start + wrong),
            np.arange(size - wrong, size),
        )[rng.integers(4)]
    }


@pytest.mark.parametrize("kind", ["affine", "complex", "real"])
def test_forwards_that_locate_are_no_more_than_allowed(rng, kind):
    for _ in range(repeats(everyday=10, whole=80)):
        size = int(2 ** rng.uniform(0, 13))
        places = somewhere(rng, size, int(min(size, 2 ** rng.uniform(0, math.log2(MOST_ENTRIES)))))
        f, x = planted(kind, rng, size, dict.fromkeys(places, 1.5))
        report = check(f, x, seed=int(rng.integers(2**31)), state=False, layouts=False, sizes=False)
        [array] = report.arrays
        assert {entry.index[0] for entry in array.wrong_entries} == places, size
        allowed = 4 * len(places) * math.log2(2 * size / len(places))
        assert report.locating_forwards <= allowed, (size, places)


@pytest.mark.parametrize("kind", ["affine", "complex", "real"])
@pytest.mark.parametrize("wrong", [1, 2, 5, 12])
def test_wrong_entries_are_found_by_cutting_in_two(rng, kind, wrong):
    size = int(rng.integers(2_000, 20_000))
    places = rng.choice(size, wrong, replace=False)
    f, x = planted(kind, rng, size, {int(at): 1.5 for at in places})
    report = check(f, x, seed=5, state=False)
    [array] = report.arrays
    assert {entry.index[0] for entry in array.wrong_entries} == set(map(int, places))
    assert array.wrong_count == wrong
    assert report.locating_forwards <= 4 * wrong * math.log2(2 * size / wrong)
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


@pytest.mark.parametrize("kind", ["affine", "real"])
def test_of_too_many_wrong_entries_some_are_shown(rng, kind):
    """Though hardly one in a hundred is wrong."""
    size = int(rng.integers(20_000, 40_000))
    places = set(map(int, rng.choice(size, 200, replace=False)))
    f, x = planted(kind, rng, size, dict.fromkeys(places, 1.5))
    [array] = check(f, x, seed=9, state=False).arrays
    shown = {entry.index[0] for entry in array.wrong_entries}
    assert array.wrong_count is None
    assert len(shown) == 8
    assert shown <= places
