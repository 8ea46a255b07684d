"""Trials put together by hand: what a case expects and what was received, array by array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from handgrad.diagnosis.case import Case, Observation, Raised, Received, Trial
from handgrad.diagnosis.class_comparison import compare_trials
from handgrad.diagnosis.compared_array import ComparedArray, compared_arrays
from handgrad.diagnosis.diagnose import Diagnosis, diagnose_comparison
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.mistakes import Mistake
from handgrad.languages import Text


def made_trial(
    number: int,
    expected: Mapping[str, Any],
    received: Mapping[str, Any],
    *,
    raised: Raised | None = None,
    **case: Any,
) -> Trial:
    """A trial that compares the expected arrays; a `Received` stands for itself."""
    given = {"kind": "some", "title": Text(zh="某", en="some"), "inputs": {}, "script": ""} | case
    values = {
        name: value if isinstance(value, Received) else Received.of(value)
        for name, value in received.items()
    }
    return Trial(
        Case(compared=tuple(expected), **given),
        number,
        {name: np.asarray(value) for name, value in expected.items()},
        Observation(values, raised=raised),
    )


def made_arrays(*trials: Trial) -> list[ComparedArray]:
    """Every compared array of the trials."""
    return compared_arrays(trials)


def an_error(**facts: Any) -> Raised:
    """An exception in the answer's own code."""
    plain = {"type_name": "ValueError", "message": "", "line": 1, "column": None, "in_answer": True}
    return Raised(**plain | facts)


def diagnose(trials: Sequence[Trial], level_mistakes: Sequence[Mistake]) -> Diagnosis:
    """The diagnosis of these trials, by the generic mistakes and those of a level."""
    return diagnose_comparison(compare_trials(trials), MistakePredictions(level_mistakes))
