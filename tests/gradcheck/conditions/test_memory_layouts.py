from __future__ import annotations

import numpy as np
import pytest

from handgrad.gradcheck.conditions.memory_layouts import LAYOUTS, laid_out, span


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_layout_holds_the_numbers_it_says_it_holds(rng, dtype):
    shape = tuple(rng.integers(2, 7, size=3))
    array = rng.normal(size=shape).astype(dtype)
    seen = []
    for layout, placed, twin in laid_out(array):
        seen.append(layout)
        assert placed.shape == shape
        assert placed.dtype == dtype
        assert not placed.flags.c_contiguous
        assert twin.flags.c_contiguous
        np.testing.assert_array_equal(placed, twin)
        if layout.keeps_values:
            np.testing.assert_array_equal(placed, array)
    assert seen == list(LAYOUTS)


def test_what_shares_memory_does(rng):
    array = rng.normal(size=(4, 5))
    strides = {layout.name: placed.strides for layout, placed, _ in laid_out(array)}
    assert strides["one-value"] == (0, 0)
    assert strides["repeated-row"] == (0, 8)
    assert strides["sliding-window"] == (8, 8)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (0,), (0, 4), (3, 0)])
def test_an_array_of_one_entry_or_none_lies_in_one_way(shape):
    assert list(laid_out(np.ones(shape))) == []


@pytest.mark.parametrize("shape", [(5,), (1, 5), (5, 1), (2, 1, 3)])
def test_narrow_arrays(rng, shape):
    array = rng.normal(size=shape)
    for layout, placed, twin in laid_out(array):
        np.testing.assert_array_equal(placed, twin, err_msg=layout.name)


def test_the_gaps_hold_nan(rng):
    array = rng.normal(size=(3, 4))
    gaps = {
        layout.name: np.isnan(span(placed)[0]).any()
        for layout, placed, _ in laid_out(array)
        if layout.name in ("every-second", "inner-block")
    }
    assert gaps == {"every-second": True, "inner-block": True}


def test_span_and_strides_make_the_same_array(rng):
    for _, placed, _ in laid_out(rng.normal(size=(3, 4, 2))):
        vector, strides = span(placed)
        for index in np.ndindex(placed.shape):
            assert vector[np.dot(index, strides)] == placed[index]
