"""A change of what a layer must not modify is seen to the byte; anything else is none."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.case import NumpyWarning, Received
from handgrad.diagnosis.side_effects import side_effects


def observed(trial, **facts):
    return dataclasses.replace(trial, observed=dataclasses.replace(trial.observed, **facts))


@pytest.mark.parametrize(
    ("before", "after", "is_change"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0]), False),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), False),
        (np.array([1.0, 2.0]), np.array([1.0, 2.5]), True),
        (np.array([0.0]), np.array([-0.0]), True),
        (np.array([1.0]), np.array([1.0], dtype=np.float32), True),
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]]), True),
    ],
)
def test_a_guarded_input_must_keep_every_byte(before, after, is_change):
    trial = made_trial(1, {}, {}, inputs={"x": before}, guarded={"x": "input-changed"})
    found = list(side_effects(observed(trial, inputs_after={"x": after})))
    assert found == ([("input-changed", "x")] if is_change else [])


@pytest.mark.parametrize(
    ("before", "after", "is_change"),
    [
        (Received.of(np.ones(2)), Received.of(np.ones(2)), False),
        (Received.of(np.ones(2)), Received.of(np.zeros(2)), True),
        (Received.of(np.ones(2)), Received("nothing", "NoneType"), True),
        (Received("missing", ""), Received.of(np.ones(2)), False),  # stored under another name
        (Received.of(np.ones(2)), None, False),  # the run ended earlier
    ],
)
def test_a_parameter_that_is_rebound_is_changed(before, after, is_change):
    values = {"W_before": before} | ({} if after is None else {"W_after": after})
    trial = made_trial(1, {}, values, kept={"W_after": "W_before"})
    found = list(side_effects(trial))
    assert found == ([("parameters-changed", "W")] if is_change else [])


def test_an_output_that_is_overwritten_and_a_warning_of_numpy():
    trial = made_trial(1, {"y": 1.0}, {"y": 1.0}, outputs=("y",))
    assert list(side_effects(observed(trial, overwritten=("y", "z")))) == [("output-changed", "y")]
    inside, outside = NumpyWarning("overflow", 3, True), NumpyWarning("overflow", 1, False)
    assert list(side_effects(observed(trial, numpy_warnings=(outside,)))) == []
    assert list(side_effects(observed(trial, numpy_warnings=(outside, inside)))) == [
        ("overflow-warning", "")
    ]
