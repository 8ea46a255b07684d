"""Curves of characters: every value where it belongs."""

from __future__ import annotations

import math

import pytest

from handgrad.languages import Text
from handgrad.training.text_curve import Series, curve

NAME = Text(zh="", en="")


def rows_of(values, width=41, height=11):
    """The row of each column's mark, from the drawing."""
    drawn = curve([Series(NAME, values, "•", "o")], width - 1, height)
    body = [line.split("┤")[-1].split("│")[-1] for line in drawn[:-1]]
    found = {}
    for row, line in enumerate(body):
        for column, character in enumerate(line):
            if character == "•":
                assert column not in found
                found[column] = row
    return found


def test_random_walks_are_drawn_to_within_a_row(rng):
    for _ in range(20):
        values = rng.normal(size=int(rng.integers(2, 41))).cumsum().tolist()
        found = rows_of(values)
        assert sorted(found) == list(range(41))
        low, high = min(values), max(values)
        for column, row in found.items():
            at = column * (len(values) - 1) / 40
            left = min(int(at), len(values) - 2)
            value = values[left] + (values[left + 1] - values[left]) * (at - left)
            assert abs(row - 10 * (high - value) / (high - low)) <= 0.5 + 1e-9


def test_numbers_that_are_none_leave_a_gap():
    found = rows_of([1.0, 2.0, math.nan, 2.0, 1.0])
    assert 0 in found
    assert 40 in found
    assert 20 not in found


@pytest.mark.parametrize("values", [[], [math.nan], [math.inf, math.nan]])
def test_nothing_to_draw(values):
    assert curve([Series(NAME, values, "•", "o")], 20, 5) == []


def test_one_epoch_and_a_constant():
    assert "┤•" in curve([Series(NAME, [3.0], "•", "o")], 20, 5)[-2]
    assert len(rows_of([2.0, 2.0, 2.0])) == 41


def test_the_shorter_of_two_lines_ends_early():
    lines = [Series(NAME, [0.0] * 5, "•", "o"), Series(NAME, [1.0] * 3, "×", "x")]
    drawn = curve(lines, 40, 3, plain=True)
    assert drawn[0].count("x") == 21
    assert drawn[2].count("o") == 41
