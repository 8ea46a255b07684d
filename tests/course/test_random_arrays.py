from __future__ import annotations

import numpy as np
import pytest

from handgrad.course.random_arrays import (
    are_of_order_one,
    backwards,
    both_signs,
    column_major,
    different_numbers,
    different_sizes,
    drawn_until,
    every_second_column,
    values,
)
from handgrad.errors import LevelError


def test_sizes_differ_and_none_is_one(rng: np.random.Generator) -> None:
    seen = set()
    for _ in range(200):
        sizes = different_sizes(rng)
        assert len({sizes.B, sizes.N, sizes.M}) == 3
        assert min(sizes.B, sizes.N, sizes.M) >= 2
        seen.add(sizes)
    assert len(seen) > 20


def test_numbers_differ(rng: np.random.Generator) -> None:
    assert sorted(different_numbers(rng, 5)) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_values_stay_away_from_zero_and_have_both_signs(
    rng: np.random.Generator, scale: float
) -> None:
    drawn = values(rng, 40, 50, scale=scale)
    assert drawn.shape == (40, 50)
    assert drawn.dtype == np.float64
    magnitudes = np.abs(drawn) / scale
    assert 0.5 <= magnitudes.min() < 0.51
    assert 1.49 < magnitudes.max() <= 1.5
    assert 0.4 < (drawn > 0).mean() < 0.6


def test_both_signs_even_among_two(rng: np.random.Generator) -> None:
    for _ in range(50):
        drawn = both_signs(rng, 1, 2)
        assert drawn.min() < 0 < drawn.max()


def test_a_single_value_has_one_sign(rng: np.random.Generator) -> None:
    assert both_signs(rng, 1).shape == (1,)


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4)])
def test_layouts_hold_the_same_numbers_in_another_order(
    rng: np.random.Generator, shape: tuple[int, ...]
) -> None:
    array = values(rng, *shape)
    for layout in (every_second_column, column_major, backwards):
        laid_out = layout(array)
        np.testing.assert_array_equal(laid_out, array)
        assert not laid_out.flags.c_contiguous
        assert not np.shares_memory(laid_out, array)
    assert column_major(array).flags.f_contiguous
    assert backwards(array).strides[0] < 0
    assert every_second_column(array).strides[-1] == 2 * array.itemsize


@pytest.mark.parametrize(
    ("entries", "lively"),
    [([0.5], True), ([30.0, 0.0], True), ([0.49, -0.49], False), ([1.0, -30.1], False)],
)
def test_a_gradient_is_lively_by_its_largest_entry(entries: list[float], lively: bool) -> None:
    assert are_of_order_one(np.array([1.0]), np.array(entries)) is lively


def test_nan_is_not_lively() -> None:
    assert not are_of_order_one(np.array([np.nan, 1.0]))


def test_drawing_goes_on_until_the_condition_holds(rng: np.random.Generator) -> None:
    drawn = [drawn_until(lambda: int(rng.integers(6)), lambda n: n >= 4) for _ in range(50)]
    assert set(drawn) == {4, 5}


def test_a_condition_that_never_holds_is_the_levels_fault() -> None:
    with pytest.raises(LevelError) as raised:
        drawn_until(lambda: 1, lambda n: n > 1)
    assert "cases.py" in raised.value.text.zh
