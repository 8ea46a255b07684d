"""The counterexample is the smallest trial that fails, and fails as the large ones do."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import diagnose, made_arrays, made_trial

from handgrad.diagnosis.counterexample.shrinking import (
    candidate_places,
    promising_places,
    smallest_failure,
)
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.mistake_matching import MatchedMistakes
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.mistakes import GENERIC

NAMED = {mistake.name: mistake for mistake in GENERIC}


def trial(number, shape, received=None, situation="one-call", **expected):
    expected = expected or {"dx": np.arange(1.0, 1 + np.prod(shape)).reshape(shape)}
    return made_trial(
        number, expected, received or {}, inputs={"x": np.ones(shape)}, situation=situation
    )


def failing(*trials):
    return Diagnosis("wrong", trials, wrong=tuple(made_arrays(*trials)))


SMALL = [
    trial(1, (2, 2)),
    trial(2, (1, 1)),
    trial(3, (1, 2, 1)),
    trial(4, (2, 1), situation="second-call"),
]


@pytest.mark.parametrize(
    ("large", "places"),
    [
        (trial(1, (4, 3)), [1, 0]),
        (trial(1, (4, 3, 2)), [2]),
        (trial(1, (4, 3), situation="second-call"), [3]),
    ],
)
def test_what_may_fail_alike_comes_smallest_first(large, places):
    assert candidate_places(SMALL, failing(large)) == places


def test_what_fails_in_one_call_needs_no_second_one():
    both = failing(trial(1, (4, 3)), trial(2, (4, 3), situation="second-call"))
    assert candidate_places(SMALL, both) == [1, 0]


def test_a_side_effect_may_show_anywhere():
    diagnosis = Diagnosis("wrong", (), side_effects=((NAMED["all-zeros"], "x"),))
    assert sorted(candidate_places(SMALL, diagnosis)) == [0, 1, 2, 3]


def test_the_first_place_is_one_where_no_other_known_mistake_gives_the_same():
    """In a batch of one the last sample is the first one, too."""
    small = [trial(1, (1, 2)), trial(2, (2, 2)), trial(3, (3, 2))]
    match = MatchedMistakes("dx", (NAMED["last-sample-only"],))
    diagnosis = Diagnosis("wrong", (), matches=(match,))
    predictions = MistakePredictions([])
    assert promising_places([0, 1, 2], small, diagnosis, predictions) == [1]


def test_what_no_known_mistake_predicts_is_tried_everywhere():
    predictions = MistakePredictions([])
    assert promising_places([1, 0], SMALL, failing(trial(1, (4, 3))), predictions) == [1, 0]


def test_the_first_that_fails_in_the_same_way():
    right = np.array([[1.0, 2.0], [3.0, 4.0]])
    large = diagnose([trial(1, (2, 2), {"dx": -right}, dx=right)], [])
    small = [
        trial(1, (2, 2), {"dx": right}, dx=right),
        trial(2, (2, 2), {"dx": right + 1}, dx=right),
        trial(3, (2, 2), {"dx": -right}, dx=right),
    ]
    assert smallest_failure(small, large).trial.number == 3
    assert smallest_failure(small[:2], large).trial.number == 2
    assert smallest_failure(small[:1], large) is None
