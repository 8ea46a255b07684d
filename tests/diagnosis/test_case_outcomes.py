from __future__ import annotations

import numpy as np
from support.made_trials import an_error, diagnose, made_trial

from handgrad.diagnosis.case_outcomes import case_outcomes


def test_every_case_says_whether_it_holds_and_what_is_wrong_in_it(rng):
    right = {"dx": rng.normal(size=(2, 3)), "db": rng.normal(size=3)}
    outcomes = case_outcomes(
        diagnose(
            [
                made_trial(1, right, right),
                made_trial(2, right, right | {"db": right["db"] + rng.uniform(1, 2)}),
                made_trial(3, right, {"dx": right["dx"]}, raised=an_error()),
                made_trial(4, right, {}, warning="second-backward-differs"),
            ],
            [],
        )
    )
    assert [(one.number, one.holds, one.wrong, one.raised) for one in outcomes] == [
        (1, True, (), False),
        (2, False, ("db",), False),
        (3, False, (), True),
    ]


def test_a_case_with_a_side_effect_does_not_hold():
    x = np.ones(2)
    trial = made_trial(1, {"y": x}, {"y": x}, inputs={"x": x}, guarded={"x": "input-changed"})
    trial.observed.inputs_after["x"] = np.zeros(2)
    [outcome] = case_outcomes(diagnose([trial], []))
    assert (outcome.holds, outcome.wrong) == (False, ())
