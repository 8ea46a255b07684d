"""The trials of a class compared with the reference."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from handgrad.diagnosis.case import Case, Observation, Raised, Received, Trial
from handgrad.diagnosis.class_comparison import compare_trials
from handgrad.languages import Text


def trial(number: int, got: float | None, *, raised: Raised | None = None, **case: object) -> Trial:
    made = Case(
        kind="some",
        title=Text(zh="某", en="some"),
        script="y = x",
        inputs={"x": np.ones(1)},
        compared=("y",),
        **case,
    )
    values = {} if got is None else {"y": Received.of(np.array([got]))}
    return Trial(made, number, {"y": np.ones(1)}, Observation(values, raised=raised))


def error(**facts: bool) -> Raised:
    plain = Raised(type_name="ValueError", message="", line=1, column=None, in_answer=True)
    return dataclasses.replace(plain, **facts)


def test_right_trials_pass():
    seen = compare_trials([trial(1, 1.0), trial(2, 1.0)])
    assert (seen.verdict, len(seen.failing), seen.wrong, seen.warnings) == ("pass", 0, (), ())


def test_a_wrong_array_is_wrong_in_the_trial_that_has_it():
    seen = compare_trials([trial(1, 1.0), trial(2, 2.0)])
    assert (seen.verdict, len(seen.failing)) == ("wrong", 1)
    assert [compared.trial.number for compared in seen.wrong] == [2]


@pytest.mark.parametrize(
    ("facts", "verdict", "kind"),
    [
        ({}, "error", "exception"),
        ({"refused": True}, "forbidden", None),
        ({"out_of_memory": True}, "memory-limit", None),
        ({"ended_process": True}, "error", "exited"),
        ({"is_import_error": True}, "error", "import-error"),
    ],
)
def test_an_exception_comes_before_a_wrong_array(facts, verdict, kind):
    seen = compare_trials([trial(1, 2.0), trial(2, None, raised=error(**facts))])
    assert (seen.verdict, seen.kind, len(seen.failing)) == (verdict, kind, 2)
    assert seen.raised_in is seen.trials[1]


def test_a_refusal_comes_before_an_earlier_exception():
    seen = compare_trials(
        [trial(1, None, raised=error()), trial(2, None, raised=error(refused=True))]
    )
    assert seen.verdict == "forbidden"
    assert seen.raised_in is seen.trials[1]


def test_a_changed_input_is_wrong_and_a_changed_dout_is_a_warning():
    def changed(effect: str) -> Trial:
        one = trial(1, 1.0, guarded={"x": effect})
        observed = dataclasses.replace(one.observed, inputs_after={"x": np.zeros(1)})
        return dataclasses.replace(one, observed=observed)

    seen = compare_trials([changed("input-changed")])
    assert (seen.verdict, seen.side_effects, len(seen.failing)) == (
        "wrong",
        (("input-changed", "x"),),
        1,
    )
    seen = compare_trials([changed("dout-changed")])
    assert (seen.verdict, seen.side_effects, seen.warnings) == ("pass", (), ("dout-changed",))


def test_what_follows_from_a_side_effect_is_not_studied():
    first = trial(1, 1.0, guarded={"x": "input-changed"})
    observed = dataclasses.replace(first.observed, inputs_after={"x": np.zeros(1)})
    first = dataclasses.replace(first, observed=observed)
    second = trial(2, 5.0, situation="second-call")
    seen = compare_trials([first, second])
    assert (seen.verdict, seen.wrong, len(seen.failing)) == ("wrong", (), 2)


def test_a_case_that_can_only_warn_only_warns():
    seen = compare_trials([trial(1, 1.0), trial(2, 9.0, warning="second-backward-differs")])
    assert (seen.verdict, seen.warnings) == ("pass", ("second-backward-differs",))
