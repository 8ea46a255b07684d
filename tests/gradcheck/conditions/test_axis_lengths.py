from __future__ import annotations

import numpy as np
import pytest

from handgrad.gradcheck.conditions.axis_lengths import (
    MOST_MIXED,
    TILE_EDGES,
    axis_groups,
    is_small,
    length_combinations,
    redrawn,
    resized,
)


def test_axes_of_equal_length_change_together():
    shapes = {"x": (4, 5), "W": (5, 3), "b": (3,)}
    for family in axis_groups(shapes):
        changed = resized(shapes, {family.length: 31})
        for name, shape in shapes.items():
            assert changed[name] == tuple({family.length: 31}.get(n, n) for n in shape)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_every_axis_meets_every_length_and_arrays_stay_small(count):
    shapes = {f"x{i}": (i + 2, i + 3) for i in range(count)} | {"deep": tuple(range(2, count + 3))}
    lengths = [family.length for family in axis_groups(shapes)]
    seen = set()
    for changes in length_combinations(shapes, lengths, TILE_EDGES):
        seen |= set(changes.items())
        assert len(changes) == 1 or is_small(resized(shapes, changes), MOST_MIXED)
    assert seen == {(length, other) for length in lengths for other in TILE_EDGES}


def test_an_axis_of_no_length_stays():
    assert axis_groups({"x": (0, 3)}) == axis_groups({"x": (0, 3)})
    assert [family.length for family in axis_groups({"x": (0, 3)})] == [3]


def test_arrays_do_not_grow_without_end():
    assert is_small({"x": (1024, 1024)})
    assert not is_small({"b": (3,), "x": (1024, 1025)})


def test_redrawn_numbers_keep_their_domain(rng):
    array = rng.uniform(3.0, 5.0, size=(2, 3)).astype(np.float32)
    drawn = redrawn(array, (31, 4), rng)
    assert drawn.dtype == np.float32
    assert drawn.shape == (31, 4)
    assert array.min() <= drawn.min()
    assert drawn.max() <= array.max()
    assert len(np.unique(drawn)) > 50  # some are drawn from one entry twice


def test_redrawn_integers_are_among_those_given(rng):
    assert set(redrawn(np.array([2, 7]), (50,), rng).tolist()) == {2, 7}


def test_nothing_to_draw_from(rng):
    assert not redrawn(np.empty((0, 3)), (2, 2), rng).any()
