from __future__ import annotations

import numpy as np
from support.made_trials import an_error, made_arrays, made_trial

from handgrad.diagnosis.compared_array import by_array, compared_arrays

RIGHT = {"y": np.ones(2), "dx": np.zeros(3)}


def test_every_array_of_every_trial_in_order():
    arrays = made_arrays(made_trial(1, RIGHT, RIGHT), made_trial(2, RIGHT, {"y": np.zeros(2)}))
    assert [(one.trial.number, one.array, one.is_wrong) for one in arrays] == [
        (1, "y", False), (1, "dx", False), (2, "y", True), (2, "dx", True),
    ]  # fmt: skip
    assert arrays[-1].difference.reason == "missing"


def test_an_array_after_an_exception_is_evidence_of_nothing():
    arrays = made_arrays(made_trial(1, RIGHT, {"y": np.ones(2)}, raised=an_error()))
    assert [one.array for one in arrays] == ["y"]


def test_a_relative_comparison_lets_the_tolerance_grow():
    trial = made_trial(1, {"y": np.array([1e3])}, {"y": np.array([1e3 + 1e-3])})
    assert compared_arrays([trial])[0].is_wrong
    assert not compared_arrays([trial], relative=True)[0].is_wrong


def test_arrays_are_grouped_by_name():
    arrays = made_arrays(made_trial(1, RIGHT, RIGHT), made_trial(2, RIGHT, RIGHT))
    grouped = by_array(arrays)
    assert list(grouped) == ["y", "dx"]
    assert [one.trial.number for one in grouped["dx"]] == [1, 2]
