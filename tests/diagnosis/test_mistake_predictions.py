"""What the known mistakes give, held against what was received all at once."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad.course import Course
from handgrad.diagnosis.array_difference import reproduces
from handgrad.diagnosis.case import Received
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.mistake_predictions import MistakePredictions, prediction
from handgrad.diagnosis.time_budget import TimeBudget
from handgrad.judging import Judge

FAR = 60.0
"""Seconds that no search needs."""


@pytest.fixture
def trials(course: Course, judge: Judge):
    prepared = judge.prepare(course.level("fully-connected")).classes[0]
    return [small for small in prepared.small_trials if np.ndim(small.case.inputs["x"]) == 2]


@pytest.fixture
def predictions(course: Course) -> MistakePredictions:
    return MistakePredictions(course.level("fully-connected").mistakes)


def compared_with(array, trial, value) -> ComparedArray:
    return ComparedArray(array, trial, Received.of(value), None)


@pytest.mark.parametrize("array", ["dx", "dW", "db"])
def test_the_table_finds_what_comparing_one_by_one_finds(trials, predictions, array):
    for trial in trials:
        about = [entry for entry in predictions.entries_about(array) if entry.predicts]
        said = {entry.name: prediction((entry,), trial, array) for entry in about}
        for value in said.values():
            if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
                continue
            seen = compared_with(array, trial, value)
            expected = {
                entry.name
                for entry in about
                if isinstance(other := prediction((entry,), trial, array), np.ndarray)
                and reproduces(seen.received, other)
            }
            assert {entry.name for entry in predictions.entries_matching(seen)} == expected


@pytest.mark.parametrize("array", ["dx", "dW", "db"])
def test_a_pair_gives_what_the_second_makes_of_the_first(trials, predictions, array):
    trial = max(trials, key=lambda t: np.size(t.case.inputs["x"]))
    right = np.asarray(trial.expected[array])
    [flipped] = [e for e in predictions.entries_about(array) if e.name == "sign-flipped"]
    [divided] = [e for e in predictions.entries_about(array) if e.name == "divided-by-batch"]
    value = -right / len(trial.case.inputs["x"])
    assert np.allclose(prediction((divided, flipped), trial, array), value)
    found = predictions.pairs_matching(compared_with(array, trial, value), TimeBudget(FAR))
    assert {flipped.name, divided.name} in [{part.name for part in parts} for parts in found]


def test_a_search_without_time_is_not_kept(trials, predictions):
    trial = trials[-1]
    value = -np.asarray(trial.expected["dW"]) / len(trial.case.inputs["x"])
    seen = compared_with("dW", trial, value)
    assert predictions.pairs_matching(seen, TimeBudget(-1.0)) == []
    assert predictions.pairs_matching(seen, TimeBudget(FAR))


def test_multiples_are_found_and_others_are_not(trials, predictions, rng):
    trial = max(trials, key=lambda t: np.size(t.case.inputs["x"]))
    about = [entry for entry in predictions.entries_about("dW") if entry.predict is not None]
    for entry in about:
        said = prediction((entry,), trial, "dW")
        if not isinstance(said, np.ndarray) or not np.abs(said).max(initial=0.0) > 0:
            continue
        factor = rng.uniform(2, 9)
        found = predictions.entries_matching_multiples(compared_with("dW", trial, factor * said))
        assert entry.name in [one.name for one in found]
    noise = rng.normal(size=np.shape(trial.expected["dW"]))
    assert predictions.entries_matching_multiples(compared_with("dW", trial, noise)) == []


def test_what_is_no_number_is_compared_as_such(trials, predictions):
    seen = compared_with("dW", trials[0], np.full(np.shape(trials[0].expected["dW"]), np.nan))
    assert predictions.entries_matching(seen) == []
    nothing = ComparedArray("dW", trials[0], Received(kind="missing", type_name=""), None)
    assert predictions.entries_matching(nothing) == []
