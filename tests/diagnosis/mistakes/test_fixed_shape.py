"""Code is said to work for one shape only if it works for that shape alone, and breaks elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.mistakes.fixed_shape import (
    ONLY_ONE_SAMPLE,
    fixed_shape_mistake,
    only_with_axes,
)

SHAPES = {1: (3, 2), 2: (4, 2), 3: (3, 2, 2), 4: (1, 5), 5: (2,), 6: (3,)}


def found(right, failing, breaking=()):
    trials = [
        made_trial(n, {}, {}, inputs={"x": np.ones(SHAPES[n])}) for n in sorted({*right, *failing})
    ]
    return fixed_shape_mistake(trials, failing, breaking)


@pytest.mark.parametrize(
    ("right", "failing", "breaking", "mistake"),
    [
        ({1, 2}, {3}, (), only_with_axes(2)),
        ({1}, {3}, {3}, None),  # one right case proves nothing
        ({1, 3}, {2}, {2}, None),  # another matrix fails
        ({1, 2}, set(), (), None),
        (set(), {1, 2}, (), None),
        ({5, 6}, {1}, {1}, only_with_axes(1)),
        ({5, 6}, {1}, (), None),  # a row may be an entry
        ({4}, {1, 3}, {1, 3}, ONLY_ONE_SAMPLE),
        ({4}, {1, 3}, {1}, None),  # a mean is a sum of one sample
        ({4, 1}, {2, 3}, {2, 3}, None),
    ],
)
def test_the_one_shape_that_works(right, failing, breaking, mistake):
    assert found(right, failing, breaking) == mistake


@pytest.mark.parametrize("axes", [1, 2, 3, 4, 5])
def test_the_number_of_axes_is_said(axes):
    shows = only_with_axes(axes).explanation.shows
    numbers = {1: ("一维", "one axis."), 2: ("二维", "two axes."), 5: (" 5 维", "5 axes.")}
    zh, en = numbers.get(axes, ("维", "axes."))
    assert zh in shows.zh
    assert shows.en.endswith(en)
