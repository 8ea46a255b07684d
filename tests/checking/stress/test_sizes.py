from __future__ import annotations

import numpy as np

from handgrad.checking.stress.sizes import MOST_ENTRIES, TILE_EDGES, families, other_sizes, redrawn


def test_axes_of_equal_length_change_together():
    shapes = {"x": (4, 5), "W": (5, 3), "b": (3,)}
    for family, length, changed in other_sizes(shapes):
        sizes = {family.length: length}
        for name, shape in shapes.items():
            assert changed[name] == tuple(sizes.get(n, n) for n in shape)
    assert {length for _, length, _ in other_sizes(shapes)} == {*TILE_EDGES, 0}


def test_an_axis_of_no_length_stays():
    assert families({"x": (0, 3)}) == families({"x": (0, 3)})
    assert [family.length for family in families({"x": (0, 3)})] == [3]


def test_arrays_do_not_grow_without_end():
    shapes = {"x": (50_000, 20)}
    assert all(np.prod(changed["x"]) <= MOST_ENTRIES for _, _, changed in other_sizes(shapes))


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
